package io.remotegpu.api.host;

import io.remotegpu.api.host.AgentRequests.AgentStart;
import io.remotegpu.api.host.AgentRequests.AgentView;
import io.remotegpu.api.host.AgentRequests.CredentialsView;
import io.remotegpu.api.host.AgentRequests.FollowedLogsView;
import io.remotegpu.api.host.AgentRequests.GpuErrors;
import io.remotegpu.api.host.AgentRequests.HeldGpusView;
import io.remotegpu.api.host.AgentRequests.LogPartRequest;
import io.remotegpu.api.host.AgentRequests.LogRequest;
import io.remotegpu.api.host.AgentRequests.ProgressRequest;
import io.remotegpu.api.security.HostCaller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.DeploymentInputs;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.secret.InstallationKey;
import io.remotegpu.drivers.spi.LogPart;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a host's agent, by the host's own token, says and asks in place of a database. */
@Tag(name = "hosts")
@RestController
@RequestMapping("/api/v1/hosts/{id}")
class AgentController {

    private static final String SESSION = "Agent-Session";
    private static final String SESSION_MEANING = "The session that the agent named when it took the host";

    private final HostRepository repository;
    private final Hosts hosts;
    private final AgentFence fence;
    private final DeploymentInputs inputs;
    private final KeptLogs logs;
    private final LogStreams streams;
    private final StepEvents events;
    private final Gpus gpus;
    private final InstallationKey key;

    AgentController(
            HostRepository repository,
            Hosts hosts,
            AgentFence fence,
            DeploymentInputs inputs,
            KeptLogs logs,
            LogStreams streams,
            StepEvents events,
            Gpus gpus,
            InstallationKey key) {
        this.repository = repository;
        this.hosts = hosts;
        this.fence = fence;
        this.inputs = inputs;
        this.logs = logs;
        this.streams = streams;
        this.events = events;
        this.gpus = gpus;
        this.key = key;
    }

    @Operation(
            summary = "Take a host as its agent (its own token)",
            description =
                    "Answers what an agent has to know. Refused while another session has the host and was heard of"
                            + " within `takeover_seconds`; the same session again is success.")
    @PostMapping("/agent")
    AgentView take(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @Valid @RequestBody AgentStart request,
            HttpServletRequest http) {
        checkOwn(caller, id);
        fence.take(id, request.session(), http.getRemoteAddr());
        return AgentView.of(find(id), key.fingerprint());
    }

    @Operation(
            summary = "Give a host up, for another agent (its own token)",
            description = "Of another session's host nothing happens.")
    @DeleteMapping("/agent")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session) {
        checkOwn(caller, id);
        fence.release(id, session);
    }

    /** What in a report contradicts the rows, and was left alone. */
    record HeartbeatAnswer(String status, List<String> contradictions) {}

    @Operation(
            summary = "Say what a host has (its own token)",
            description = "Makes a pending or quarantined host active. GPUs are added or marked in error, never freed."
                    + " Refused while another agent has the host.")
    @PostMapping("/heartbeat")
    HeartbeatAnswer heartbeat(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @Parameter(description = SESSION_MEANING + "; without one, no agent may have it")
                    @RequestHeader(name = SESSION, required = false)
                    @Nullable
                    UUID session,
            @Valid @RequestBody HostRequests.Heartbeat request,
            HttpServletRequest http) {
        checkOwn(caller, id);
        if (session == null) {
            fence.checkFree(id);
        } else {
            fence.take(id, session, http.getRemoteAddr());
        }
        var contradictions = hosts.heartbeat(id, request.capacity()).orElseThrow(() -> notFound(id));
        return new HeartbeatAnswer(find(id).status().wireName(), contradictions);
    }

    @Operation(
            summary = "What opens an environment's services (its host's own token)",
            description = "Only of an environment whose place is this host.")
    @GetMapping("/environments/{environment}/credentials")
    ResponseEntity<CredentialsView> credentials(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @PathVariable UUID environment,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session) {
        checkPlace(caller, id, environment, session);
        if (inputs.isOnLostHost(environment)) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT,
                    "host_lost",
                    "Host '" + id
                            + "' was declared lost: nothing is brought up there until what it still carries is removed.");
        }
        return ResponseEntity.ok().body(CredentialsView.of(inputs.credentials(environment)));
    }

    @Operation(
            summary = "Leave the end of an environment's log (its host's own token)",
            description = "In place of what was left before. Only of an environment whose place is this host.")
    @PutMapping("/environments/{environment}/log")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void log(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @PathVariable UUID environment,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session,
            @Valid @RequestBody LogRequest request) {
        checkPlace(caller, id, environment, session);
        logs.keep(environment, request.lines());
    }

    @Operation(
            summary = "Say what an engine is at while it deploys (its host's own token)",
            description =
                    "Becomes an event of the environment, unless the deploy has ended. Only of an environment whose place"
                            + " is this host.")
    @PostMapping("/environments/{environment}/progress")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void progress(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @PathVariable UUID environment,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session,
            @Valid @RequestBody ProgressRequest request) {
        checkPlace(caller, id, environment, session);
        events.progress(environment, request.message());
    }

    @Operation(
            summary = "Which logs are followed on a host (its own token)",
            description =
                    "Asked for every second or so while there are any; each answer says that the host attends to them.")
    @GetMapping("/log-streams")
    FollowedLogsView followedLogs(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session) {
        checkOwn(caller, id);
        fence.check(id, session);
        return FollowedLogsView.of(streams.ofHost(id));
    }

    @Operation(
            summary = "Hand over the next lines of a log that is followed (its host's own token)",
            description = "What was handed over before, or comes too late, changes nothing.")
    @PutMapping("/log-streams/{stream}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void followedLog(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @PathVariable UUID stream,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session,
            @Valid @RequestBody LogPartRequest request) {
        checkOwn(caller, id);
        fence.check(id, session);
        streams.offer(id, stream, request.behind(), new LogPart(request.position(), request.lines()));
    }

    @Operation(
            summary = "Which of a host's GPUs an environment holds (its host's own token)",
            description = "To be looked at when it was taken down, before they are given to somebody else.")
    @GetMapping("/environments/{environment}/gpus")
    HeldGpusView gpus(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @PathVariable UUID environment,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session) {
        checkOwn(caller, id);
        fence.check(id, session);
        return new HeldGpusView(gpus.heldBy(id, environment));
    }

    @Operation(
            summary = "Say that GPUs are not to be given to anybody (their host's own token)",
            description =
                    "They are in error with that reason until an administrator says otherwise; whoever holds one keeps it."
                            + " Those that the host does not have are passed over.")
    @PostMapping("/gpu-errors")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void gpuErrors(
            @AuthenticationPrincipal HostCaller caller,
            @PathVariable String id,
            @Parameter(description = SESSION_MEANING) @RequestHeader(SESSION) UUID session,
            @Valid @RequestBody GpuErrors request) {
        checkOwn(caller, id);
        fence.check(id, session);
        gpus.putInError(id, request.reasons());
    }

    private void checkPlace(HostCaller caller, String id, UUID environment, UUID session) {
        checkOwn(caller, id);
        fence.check(id, session);
        if (!inputs.isOn(environment, id)) {
            throw ProblemException.notFound("environment", environment);
        }
    }

    private static void checkOwn(HostCaller caller, String id) {
        if (!caller.hostId().equals(id)) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "forbidden", "This is the token of another host than '" + id + "'.");
        }
    }

    private Host find(String id) {
        return repository.findById(id).orElseThrow(() -> notFound(id));
    }

    private static ProblemException notFound(String id) {
        return ProblemException.notFound("host", id);
    }
}
