package io.remotegpu.api.host;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostEnvironments;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A host as answers show it. */
@Schema(name = "Host")
record HostView(
        @Schema(example = "host-001") String id,
        @Schema(example = "GPU Server 1") String name,

        @Schema(description = "Where users connect to", example = "192.168.1.100")
        String ipAddress,

        @Schema(description = "What services listen on, where that is another address") @Nullable
        String bindAddress,

        @Schema(allowableValues = {"pending", "active", "quarantined", "draining", "lost"})
        String status,

        @Schema(description = "Why, where there is more to say", example = "nothing was heard of it for 40 s") @Nullable
        String statusReason,

        Instant statusSince,

        @Schema(description = "It was declared lost: what it still carries is removed before it is given anything")
        boolean unswept,

        @Schema(description = "Whether a drain stops what runs on it")
        boolean drainStops,

        @Schema(description = "What its engines offer") List<String> deploymentModes,

        @Schema(description = "Whether it exists in memory only, for trying out")
        boolean simulated,

        @Schema(description = "Whole cores") int totalCpu,
        @Schema(description = "Bytes") long totalMemory,

        @Schema(description = "Cores that environments hold")
        int usedCpu,

        @Schema(description = "Bytes that environments hold")
        long usedMemory,

        @Schema(description = "How many GPUs it has") int gpus,
        int portMin,
        int portMax,

        @Schema(description = "The Kubernetes cluster whose node it is") @Nullable
        String cluster,

        @Schema(
                description =
                        "What its engines are to keep environments from, by its settings, and do not: what is open,"
                                + " why, and what to do, as it last said; empty where nothing is known to be open")
        List<String> unguarded,

        @Schema(description = "What it last said of itself") Map<String, String> facts,
        @Nullable Instant lastHeartbeat,
        Instant createdAt,
        Instant updatedAt,

        @Schema(description = "Who is on it; only in the answer for one host")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        List<OccupantView> environments,

        @Schema(
                description =
                        "The token its agent authenticates with: shown once, when the host is registered or its token renewed",
                example = "rgph_…")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        String token) {

    /** An environment whose place is the host: it runs there, or its data is there. */
    @Schema(name = "HostEnvironment")
    record OccupantView(
            UUID id,
            String name,
            @Schema(description = "The user's name") String owner,
            String status,
            @Schema(description = "Cores that it holds") int cpu,

            @Schema(description = "Bytes that it holds") long memory,

            @Schema(description = "The indices of the GPUs that it holds")
            List<Integer> gpus) {

        static OccupantView of(HostEnvironments.Occupant occupant) {
            return new OccupantView(
                    occupant.id(),
                    occupant.name(),
                    occupant.owner(),
                    occupant.status().wireName(),
                    occupant.cpu(),
                    occupant.memory(),
                    occupant.gpus());
        }
    }

    static HostView of(Host host, int gpus, @Nullable String token) {
        return of(host, gpus, null, token);
    }

    static HostView of(Host host, int gpus, @Nullable List<HostEnvironments.Occupant> there, @Nullable String token) {
        return new HostView(
                host.id(),
                host.name(),
                host.ipAddress(),
                host.bindAddress(),
                host.status().wireName(),
                host.statusReason(),
                host.statusSince(),
                host.unswept(),
                host.drainStops(),
                host.deploymentModes().stream().sorted().toList(),
                host.modes().contains(DeploymentMode.SIMULATED),
                host.totalCpu(),
                host.totalMemory(),
                host.usedCpu(),
                host.usedMemory(),
                gpus,
                host.portMin(),
                host.portMax(),
                host.cluster(),
                host.unguarded(),
                host.facts().values(),
                host.lastHeartbeat(),
                host.createdAt(),
                host.updatedAt(),
                there == null ? null : there.stream().map(OccupantView::of).toList(),
                token);
    }

    @Override
    public String toString() {
        return "HostView[" + id + "]";
    }
}
