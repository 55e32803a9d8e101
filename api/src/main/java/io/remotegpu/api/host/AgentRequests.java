package io.remotegpu.api.host;

import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.db.host.AgentSessions;
import io.remotegpu.db.host.Host;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What agents say, apart from heartbeats, and what they are answered. */
final class AgentRequests {

    /** How often an agent is to be heard from. */
    static final int HEARTBEAT_SECONDS = 10;

    @Schema(name = "AgentStart", example = """
            {"session": "3f2b8a52-7c0e-4c53-9d0a-0c8f5e2a7b11"}""")
    record AgentStart(
            @NotNull @Schema(description = "Made up by the agent, at random, and kept over its restarts")
            UUID session) {}

    /** What an agent needs to know of its host. */
    @Schema(name = "Agent")
    record AgentView(
            @Schema(example = "host-001") String hostId,

            @Schema(description = "Under which the host's engines label what is ours")
            String installation,

            @Schema(description = "Where users connect to", example = "192.168.1.100")
            String ipAddress,

            @Schema(description = "What services listen on", example = "0.0.0.0")
            String listenAddress,

            @Schema(allowableValues = {"pending", "active", "quarantined", "draining", "lost"})
            String status,

            @Schema(description = "How often a heartbeat is wanted")
            int heartbeatSeconds,

            @Schema(description = "After how long a silence another agent may take the host")
            int takeoverSeconds) {

        static AgentView of(Host host, String installation) {
            return new AgentView(
                    host.id(),
                    installation,
                    host.ipAddress(),
                    host.listenAddress(),
                    host.status().wireName(),
                    HEARTBEAT_SECONDS,
                    (int) AgentSessions.PATIENCE.toSeconds());
        }
    }

    /** What opens an environment's services, on its way to the host that makes them. */
    @Schema(name = "EnvironmentCredentials")
    record CredentialsView(
            @Schema(description = "The owner's public keys") List<String> authorizedKeys,
            @Nullable String jupyterToken,

            @Schema(description = "For VNC and RDP") @Nullable
            String password) {

        static CredentialsView of(Credentials credentials) {
            return new CredentialsView(
                    credentials.authorizedKeys(), credentials.jupyterToken(), credentials.password());
        }

        @Override
        public String toString() {
            return "CredentialsView[withheld]";
        }
    }

    @Schema(name = "EnvironmentLog", example = """
            {"lines": ["Server listening on 0.0.0.0 port 22."]}""")
    record LogRequest(
            @NotNull @Size(max = 1000) @Schema(description = "The newest lines, oldest first")
            List<@NotNull @Size(max = 65_536) String> lines) {

        @Override
        public String toString() {
            return "LogRequest[" + lines.size() + " lines]";
        }
    }

    @Schema(name = "DeployProgress", example = """
            {"message": "pulling image registry.example.com/terminal:1: 120 of 300 MB"}""")
    record ProgressRequest(
            @NotNull
            @Pattern(
                    regexp = "[^\\p{Cntrl}]{1,500}",
                    message = "must have at most 500 characters, no control characters")
            String message) {}

    /** Logs that somebody follows on the host. */
    @Schema(name = "FollowedLogs")
    record FollowedLogsView(List<FollowedLogView> items) {

        static FollowedLogsView of(List<LogStreams.Followed> followed) {
            return new FollowedLogsView(followed.stream()
                    .map(one -> new FollowedLogView(
                            one.stream(),
                            one.environmentId(),
                            one.mode().wireName(),
                            one.position(),
                            one.tail(),
                            one.ready()))
                    .toList());
        }
    }

    @Schema(name = "FollowedLog")
    record FollowedLogView(
            UUID stream,
            UUID environmentId,
            @Schema(example = "docker") String deploymentMode,

            @Schema(description = "Behind what the host handed over last; null for the last lines") @Nullable
            String position,

            @Schema(description = "How many lines, where there is no position")
            int tail,

            @Schema(description = "Whether the next part may be handed over")
            boolean ready) {}

    @Schema(name = "LogPart", example = """
            {"behind": "4711_120", "position": "4711_158", "lines": ["Server listening on 0.0.0.0 port 22."]}""")
    record LogPartRequest(
            @Nullable
            @Pattern(regexp = POSITION, message = POSITION_MESSAGE)
            @Schema(description = "The position that the lines come behind, as it was asked for")
            String behind,

            @NotNull
            @Pattern(regexp = POSITION, message = POSITION_MESSAGE)
            @Schema(description = "The position behind the lines, in the engine's words")
            String position,

            @NotNull @Size(max = EnvironmentLogs.MOST_BYTES_OF_PART) @Schema(description = "Oldest first")
            List<@NotNull @Size(max = 65_536) String> lines) {

        private static final String POSITION = "[\\x21-\\x7e]{1,128}";
        private static final String POSITION_MESSAGE = "must have 1 to 128 visible ASCII characters";

        @Override
        public String toString() {
            return "LogPartRequest[" + lines.size() + " lines]";
        }
    }

    /** The device ids of GPUs, as the host named them. */
    @Schema(name = "HeldGpus")
    record HeldGpusView(List<String> uuids) {}

    @Schema(name = "GpuErrors", example = """
            {"errors": [{"uuid": "GPU-8f6d0f0e-1b7a-4c59-9a52-0b1f7c1f6c11",
                         "error": "after its use process 4711 (python) still runs on it"}]}""")
    record GpuErrors(
            @Valid @NotNull @Size(min = 1, max = 256) List<@NotNull GpuError> errors) {

        Map<String, String> reasons() {
            return errors.stream().collect(Collectors.toMap(GpuError::uuid, GpuError::error, (one, other) -> one));
        }
    }

    @Schema(name = "GpuError")
    record GpuError(
            @NotNull
            @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}", message = "must be a device id such as GPU-…")
            String uuid,

            @NotNull
            @Pattern(
                    regexp = "[^\\p{Cntrl}]{1,500}",
                    message = "must have at most 500 characters, no control characters")
            String error) {}

    private AgentRequests() {}
}
