package io.remotegpu.api.environment;

import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.EnvironmentWishes;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.timetable.TimetableSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
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
    private final EnvironmentWishes wishes;
    private final EnvironmentRepository environments;
    private final EnvironmentViews views;
    private final TimetableSettings limits;

    ExtensionController(
            OwnEnvironments own,
            EnvironmentWishes wishes,
            EnvironmentRepository environments,
            EnvironmentViews views,
            TimetableSettings limits) {
        this.limits = limits;
        this.own = own;
        this.wishes = wishes;
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
            description =
                    "For that long from now, however idle it looks, and whatever its own max_lifetime and schedule say; an earlier extension is never"
                            + " shortened. Beyond the installation's longest run only an administrator extends.")
    @PostMapping
    EnvironmentView extend(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Valid @RequestBody Extension extension,
            HttpServletRequest http) {
        var environment = own.visible(caller, id);
        AuditTrail.subject(http, "environment/" + id);
        refuseBeyondItsLifetime(caller, environment.startedAt(), extension.duration());
        try {
            wishes.extend(id, extension.duration());
        } catch (InvalidStateException refused) {
            throw ProblemException.of(HttpStatus.CONFLICT, "invalid_state", String.valueOf(refused.getMessage()));
        } catch (EnvironmentNotFoundException gone) {
            throw ProblemException.notFound("environment", id);
        }
        return views.of(environments.findById(id).orElseThrow(() -> ProblemException.notFound("environment", id)));
    }

    /** Who may run for so long by an administrator's word may not run for longer by their own. */
    private void refuseBeyondItsLifetime(Caller caller, @Nullable Instant startedAt, Duration by) {
        if (caller.admin() || startedAt == null) {
            return;
        }
        limits.latestEnd(startedAt)
                .filter(end -> Instant.now().plus(by).isAfter(end))
                .ifPresent(end -> {
                    throw ProblemException.invalid(
                            "duration",
                            "must end by " + end
                                    + ", when it has run for as long as it may here: ask for less, or ask an administrator");
                });
    }
}
