package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Page;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentFilter;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "environments")
@RestController
@RequestMapping("/api/v1/environments")
class EnvironmentsController {

    private static final String PREFER =
            "wait=N holds the answer until the operation ends, at most N (up to 60) seconds";

    private final Creation creation;
    private final EnvironmentOperations operations;
    private final OwnEnvironments own;
    private final EnvironmentRepository environments;
    private final EnvironmentViews views;
    private final Preference preference;
    private final Waits waits;

    EnvironmentsController(
            Creation creation,
            EnvironmentOperations operations,
            OwnEnvironments own,
            EnvironmentRepository environments,
            EnvironmentViews views,
            Preference preference,
            Waits waits) {
        this.creation = creation;
        this.operations = operations;
        this.own = own;
        this.environments = environments;
        this.views = views;
        this.preference = preference;
        this.waits = waits;
    }

    @Operation(
            summary = "Ask for an environment",
            description =
                    "Answered as soon as it is admitted: quota, host, GPUs and ports are held then, and it comes up by itself. "
                            + "Refused means that nothing is stored. With wait it is admitted also when there is no room: it "
                            + "is queued then, holds quota only, and comes up when its turn comes.")
    @PostMapping
    ResponseEntity<EnvironmentView> create(
            @AuthenticationPrincipal Caller caller,
            @Parameter(description = "1 to 255 printable characters: the same key and request get the same environment")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String key,
            @Parameter(description = PREFER, example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Valid @RequestBody NewEnvironmentRequest request,
            HttpServletRequest http) {
        var id = creation.create(caller, key, request);
        AuditTrail.subject(http, "environment/" + id);
        return accepted(id, preference.awaitEnd(caller, prefer, id));
    }

    @Operation(
            summary = "Your environments",
            description = "Newest first; admins see all. Deleted ones only with status=deleted.")
    @GetMapping
    Page<EnvironmentView> list(
            @AuthenticationPrincipal Caller caller,
            @RequestParam(required = false) @Nullable EnvironmentStatus status,
            @Parameter(description = "environment_type") @RequestParam(required = false) @Nullable EnvironmentType type,
            @Parameter(description = "Of this user (admins only, others see their own)")
                    @RequestParam(name = "user_id", required = false)
                    @Nullable
                    Long userId,
            @RequestParam(name = "host_id", required = false) @Size(max = 63) @Nullable String hostId,
            PageRequest page) {
        if (!caller.admin() && userId != null && userId != caller.userId()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN, "forbidden", "Only admins see the environments of other users.");
        }
        var filter =
                new EnvironmentFilter(caller.admin() ? userId : Long.valueOf(caller.userId()), status, type, hostId);
        var found = environments.search(filter, page.index(), page.pageSize());
        return new Page<>(views.of(found.getContent()), page.page(), page.pageSize(), found.getTotalElements());
    }

    @Operation(summary = "One environment")
    @GetMapping("/{id}")
    EnvironmentView get(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
        return views.detailed(own.visible(caller, id));
    }

    @Operation(
            summary = "Delete an environment",
            description =
                    "Compute and data are gone for good. While it is being created or is queued, that is rolled back first.")
    @DeleteMapping("/{id}")
    ResponseEntity<EnvironmentView> delete(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Parameter(description = PREFER, example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer) {
        var environment = own.visible(caller, id);
        operations.delete(environment, owner(environment), caller.username());
        return accepted(id, preference.awaitDeletion(caller, prefer, id));
    }

    @Operation(
            summary = "Start a stopped environment",
            description =
                    "On the host that has its data; with fewer GPUs than it has, if it is asked so. With wait it is queued while there is "
                            + "no room.")
    @PostMapping("/{id}/start")
    ResponseEntity<EnvironmentView> start(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Parameter(description = PREFER, example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer,
            @Valid @RequestBody(required = false) @Nullable StartRequest request) {
        var environment = own.visible(caller, id);
        var wait = request == null ? null : waits.atMost(request.waitForRoom(), request.waitTimeout());
        var gpu = request == null ? null : request.gpu();
        if (gpu != null && gpu > environment.fullGpu()) {
            throw ProblemException.invalid(
                    "gpu",
                    "must be at most " + environment.fullGpu()
                            + ", which it has: to change that, stop it and PATCH it");
        }
        operations.start(environment, owner(environment), caller.username(), wait, gpu);
        return accepted(id, preference.awaitEnd(caller, prefer, id));
    }

    @Operation(
            summary = "Stop an environment",
            description =
                    "Gives CPU, memory and GPUs back; data and ports stay. A start that is queued waits no longer.")
    @PostMapping("/{id}/stop")
    ResponseEntity<EnvironmentView> stop(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Parameter(description = PREFER, example = "wait=30")
                    @RequestHeader(name = "Prefer", required = false)
                    @Nullable
                    String prefer) {
        var environment = own.visible(caller, id);
        operations.stop(environment, owner(environment), caller.username());
        return accepted(id, preference.awaitEnd(caller, prefer, id));
    }

    /** 202 with the environment as it is now, after waiting as preferred. */
    private ResponseEntity<EnvironmentView> accepted(UUID id, HttpHeaders headers) {
        var environment = environments.findById(id).orElseThrow(() -> ProblemException.notFound("environment", id));
        return ResponseEntity.accepted()
                .headers(headers)
                .header("Location", "/api/v1/environments/" + id)
                .body(views.of(environment));
    }

    private String owner(Environment environment) {
        return environments.ownerOf(environment.id()).orElse("");
    }
}
