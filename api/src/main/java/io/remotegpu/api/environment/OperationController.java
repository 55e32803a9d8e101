package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What can be done by hand about an operation that hangs. */
@Tag(name = "environments")
@RestController
@RequestMapping("/api/v1/environments/{id}/operation")
class OperationController {

    private static final String PREFER =
            "wait=N holds the answer until the operation ends, at most N (up to 60) seconds";

    private final OwnEnvironments own;
    private final OperationHand hand;
    private final EnvironmentRepository environments;
    private final EnvironmentViews views;
    private final Preference preference;

    OperationController(
            OwnEnvironments own,
            OperationHand hand,
            EnvironmentRepository environments,
            EnvironmentViews views,
            Preference preference) {
        this.own = own;
        this.hand = hand;
        this.environments = environments;
        this.views = views;
        this.preference = preference;
    }

    @Schema(
            name = "Intervention",
            example =
                    "{\"reason\": \"the engine was repaired\", \"operation_id\": \"0199f1c2-7a54-7c3e-9c0a-3f1d2b6a9e10\"}")
    record InterventionRequest(
            @Pattern(regexp = "[^\\p{Cntrl}]{1,500}", message = "must have 1 to 500 characters, no control characters")
            @Schema(
                    description = "Why; it is kept in the events and the audit log",
                    example = "the engine was repaired")
            @Nullable
            String reason,

            @Pattern(regexp = "[A-Za-z0-9-]{1,100}", message = "is the id of an operation, as the environment shows it")
            @Schema(
                    description = "Only if this is the operation under way",
                    example = "0199f1c2-7a54-7c3e-9c0a-3f1d2b6a9e10")
            @Nullable
            String operationId) {}

    @Operation(
            summary = "Try a step again now (admin)",
            description =
                    "The engine step under way gets a new attempt without waiting for its turn; an attempt that runs is ended "
                            + "first. Also while what a failed operation took is given back.")
    @PostMapping("/retry")
    ResponseEntity<EnvironmentView> retry(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Parameter(description = PREFER, example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Valid @RequestBody(required = false) @Nullable InterventionRequest request,
            HttpServletRequest http) {
        return intervene(EnvironmentWorkflows.RETRY, true, caller, id, prefer, request, http);
    }

    @Operation(
            summary = "Leave a step out (admin)",
            description =
                    "Only a step that takes down on a host that was declared lost: any other would leave something behind, or "
                            + "nothing to use, and is answered not_skippable with what to do instead.")
    @PostMapping("/skip")
    ResponseEntity<EnvironmentView> skip(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Parameter(description = PREFER, example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Valid @RequestBody(required = false) @Nullable InterventionRequest request,
            HttpServletRequest http) {
        return intervene(EnvironmentWorkflows.SKIP, true, caller, id, prefer, request, http);
    }

    @Operation(
            summary = "Give a create or start up",
            description =
                    "Its step is ended, and everything that it took is given back: a create has failed then, with the reason "
                            + "aborted; a start leaves the environment stopped, with its data. Again, it is the same one. A "
                            + "stop or delete gives back already, and is answered not_abortable. Its owner may, too.")
    @PostMapping("/abort")
    ResponseEntity<EnvironmentView> abort(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Parameter(description = PREFER, example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Valid @RequestBody(required = false) @Nullable InterventionRequest request,
            HttpServletRequest http) {
        return intervene(EnvironmentWorkflows.ABORT, false, caller, id, prefer, request, http);
    }

    private ResponseEntity<EnvironmentView> intervene(
            String update,
            boolean adminOnly,
            Caller caller,
            UUID id,
            @Nullable String prefer,
            @Nullable InterventionRequest request,
            HttpServletRequest http) {
        var environment = own.visible(caller, id);
        AuditTrail.subject(http, "environment/" + id);
        if (adminOnly && !caller.admin()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "forbidden",
                    "Only admins may " + update + " a step. A create or start of yours you may abort.");
        }
        hand.intervene(
                environment,
                update,
                caller.username(),
                request == null ? null : request.reason(),
                request == null ? null : request.operationId());
        var headers = preference.awaitEnd(caller, prefer, id);
        var now = environments.findById(id).orElseThrow(() -> ProblemException.notFound("environment", id));
        return ResponseEntity.accepted()
                .headers(headers)
                .header("Location", "/api/v1/environments/" + id)
                .body(views.detailed(now));
    }
}
