package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.InvalidStateException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.UUID;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "environments")
@RestController
@RequestMapping("/api/v1/environments/{id}/extend")
class ExtensionController {

    private final OwnEnvironments own;
    private final EnvironmentLifecycle lifecycle;
    private final EnvironmentRepository environments;
    private final EnvironmentViews views;

    ExtensionController(
            OwnEnvironments own,
            EnvironmentLifecycle lifecycle,
            EnvironmentRepository environments,
            EnvironmentViews views) {
        this.own = own;
        this.lifecycle = lifecycle;
        this.environments = environments;
        this.views = views;
    }

    @Schema(name = "Extension", example = "{\"duration\": \"8h\"}")
    record Extension(
            @NotNull
            @DurationMin(minutes = 1, message = "must be at least 1m")
            @DurationMax(days = 7, message = "must be at most 7d")
            @Schema(description = "From now", example = "8h")
            Duration duration) {}

    @Operation(
            summary = "Keep an environment running",
            description = "For that long from now, however idle it looks; an earlier extension is never shortened.")
    @PostMapping
    EnvironmentView extend(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Valid @RequestBody Extension extension,
            HttpServletRequest http) {
        own.visible(caller, id);
        AuditTrail.subject(http, "environment/" + id);
        try {
            lifecycle.extend(id, extension.duration());
        } catch (InvalidStateException refused) {
            throw ProblemException.of(HttpStatus.CONFLICT, "invalid_state", String.valueOf(refused.getMessage()));
        } catch (EnvironmentNotFoundException gone) {
            throw ProblemException.notFound("environment", id);
        }
        return views.of(environments.findById(id).orElseThrow(() -> ProblemException.notFound("environment", id)));
    }
}
