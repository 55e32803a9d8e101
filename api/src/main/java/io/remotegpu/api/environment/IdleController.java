package io.remotegpu.api.environment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ByteSize;
import io.remotegpu.api.web.FieldError;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.api.web.SizeRange;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.EnvironmentWishes;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.environment.Setting;
import io.remotegpu.db.idle.ActivitySample;
import io.remotegpu.db.idle.IdleRows;
import io.remotegpu.db.idle.IdleSettings;
import io.remotegpu.db.idle.IdleState;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who uses an environment, and when it is stopped because nobody does. */
@Tag(name = "environments")
@RestController
@RequestMapping("/api/v1/environments/{id}")
class IdleController {

    private static final int MOST_SAMPLES = 120;

    private final OwnEnvironments own;
    private final EnvironmentWishes wishes;
    private final EnvironmentRepository environments;
    private final EnvironmentViews views;
    private final IdleLimits limits;
    private final TimetableLimits timetables;
    private final IdleSettings settings;
    private final IdleRows rows;

    IdleController(
            OwnEnvironments own,
            EnvironmentWishes wishes,
            EnvironmentRepository environments,
            EnvironmentViews views,
            IdleLimits limits,
            TimetableLimits timetables,
            IdleSettings settings,
            IdleRows rows) {
        this.own = own;
        this.wishes = wishes;
        this.environments = environments;
        this.views = views;
        this.limits = limits;
        this.timetables = timetables;
        this.settings = settings;
        this.rows = rows;
    }

    @Schema(
            name = "EnvironmentChange",
            example = "{\"cpu\": 8, \"memory\": \"32Gi\", \"gpu\": 2, \"idle_timeout\": \"4h\"}")
    record Change(
            @Min(1) @Max(1024) @Schema(description = "Whole cores; while it is stopped") @Nullable
            Integer cpu,

            @SizeRange(min = "64Mi", max = "64Ti") @Schema(description = "While it is stopped") @Nullable
            ByteSize memory,

            @Min(0) @Max(1024) @Schema(description = "How many GPUs; while it is stopped") @Nullable
            Integer gpu,

            @Schema(
                    type = "string",
                    implementation = Duration.class,
                    description =
                            "How long nobody uses it before it is stopped, within the installation's limits; null: the default of its type",
                    example = "4h")
            @Nullable
            Setting<Duration> idleTimeout,

            @Schema(
                    type = "string",
                    implementation = Duration.class,
                    description =
                            "How long a run lasts at most, within the installation's limit, from the start of this run on; null: that limit",
                    example = "12h")
            @Nullable
            Setting<Duration> maxLifetime,

            @Schema(
                    implementation = ScheduleRequest.class,
                    description = "When it is stopped and started by itself, from now on; null: never")
            @Nullable
            Setting<ScheduleRequest> schedule,

            @JsonProperty("protected")
            @Schema(name = "protected", description = "That it is never stopped by itself (admin)")
            @Nullable
            Boolean isProtected) {}

    @Schema(name = "Activity")
    record ActivityView(
            @Schema(description = "What applies to it, ISO 8601; null when it may be idle for ever", example = "PT2H")
            @Nullable
            String timeout,

            @JsonProperty("protected") @Schema(name = "protected")
            boolean isProtected,

            @Schema(
                    description = "What was concluded last; null where nobody looks. Unknown is not idle",
                    allowableValues = {"in_use", "unknown", "idle"})
            @Nullable
            String state,

            @Schema(description = "What uses it, what cannot be seen, or what was seen all the while") @Nullable
            String finding,

            @Nullable Instant idleSince,

            @Schema(description = "When it is stopped if nothing changes") @Nullable
            Instant stopsAt,

            @Nullable Instant warnedAt,
            @Nullable Instant judgedAt,

            @Schema(description = "The newest looks, oldest first")
            List<SampleView> samples) {}

    @Schema(name = "ActivitySample", description = "What is null could not be seen")
    record SampleView(
            Instant at,
            @Nullable Integer connections,

            @Schema(description = "Since it was brought up") @Nullable
            Long cpuNanos,

            @Nullable Integer gpuPercent,
            @Nullable Integer busyKernels,

            @Schema(description = "Of kernels and terminals") @Nullable
            Instant jupyterLastActivity,

            @Schema(description = "Why it could not be looked at") @Nullable
            String trouble) {

        static SampleView of(ActivitySample sample) {
            var activity = sample.activity();
            var jupyter = activity.jupyter();
            return new SampleView(
                    sample.at(),
                    activity.connections(),
                    activity.cpuNanos(),
                    activity.gpuPercent(),
                    jupyter == null ? null : jupyter.busyKernels(),
                    jupyter == null ? null : jupyter.lastActivity(),
                    sample.trouble());
        }
    }

    @Operation(
            summary = "Change an environment",
            description =
                    "What is left out stays as it is. Its size is changed while it is stopped, and holds from its next start on; when "
                            + "it is stopped by itself, at once.")
    @PatchMapping
    EnvironmentView change(
            @AuthenticationPrincipal Caller caller,
            @PathVariable UUID id,
            @Valid @RequestBody Change change,
            HttpServletRequest http) {
        refuseFaults(change);
        own.visible(caller, id);
        AuditTrail.subject(http, "environment/" + id);
        if (change.isProtected() != null && !caller.admin()) {
            throw ProblemException.of(
                    HttpStatus.FORBIDDEN,
                    "forbidden",
                    "Only admins protect an environment: leave protected out.",
                    List.of(new FieldError("protected", "is for admins: leave it out")));
        }
        try {
            resize(id, change);
            wishes.keep(id, change.idleTimeout(), change.isProtected(), timetable(change));
        } catch (InvalidStateException refused) {
            throw ProblemException.of(HttpStatus.CONFLICT, "invalid_state", String.valueOf(refused.getMessage()));
        } catch (EnvironmentNotFoundException gone) {
            throw ProblemException.notFound("environment", id);
        }
        return views.of(environments.findById(id).orElseThrow(() -> ProblemException.notFound("environment", id)));
    }

    private void refuseFaults(Change change) {
        var faults = new ArrayList<>(timetables.faults(of(change.maxLifetime()), of(change.schedule())));
        limits.fault(of(change.idleTimeout())).ifPresent(faults::add);
        if (!faults.isEmpty()) {
            throw ProblemException.invalid(faults);
        }
    }

    /** What is to become of its timetable; null when nothing is. */
    private static @Nullable UnaryOperator<Timetable> timetable(Change change) {
        var lifetime = change.maxLifetime();
        var schedule = change.schedule();
        if (lifetime == null && schedule == null) {
            return null;
        }
        return before -> {
            var longest = lifetime == null ? before.maxLifetime() : lifetime.value();
            return schedule == null
                    ? new Timetable(longest, before.stop(), before.start(), before.timeZone())
                    : TimetableLimits.timetable(longest, schedule.value());
        };
    }

    private static <T> @Nullable T of(@Nullable Setting<T> setting) {
        return setting == null ? null : setting.value();
    }

    private void resize(UUID id, Change change) {
        var memory = change.memory();
        if (change.cpu() != null || memory != null || change.gpu() != null) {
            wishes.resize(id, change.cpu(), memory == null ? null : memory.bytes(), change.gpu());
        }
    }

    @Operation(
            summary = "Who uses an environment",
            description =
                    "What was seen of it lately, what is concluded, and when it is stopped because nobody uses it.")
    @GetMapping("/activity")
    ActivityView activity(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
        var environment = own.visible(caller, id);
        var state = rows.state(id).filter(found -> isOfThisRun(environment, found));
        var idle = environment.idleTimeoutSeconds();
        return new ActivityView(
                settings.timeout(environment.environmentType(), idle == null ? null : Duration.ofSeconds(idle))
                        .map(Duration::toString)
                        .orElse(null),
                environment.isProtected(),
                state.map(found -> found.state().wireName()).orElse(null),
                state.map(IdleState::finding).orElse(null),
                state.map(IdleState::idleSince).orElse(null),
                state.map(IdleState::stopsAt).orElse(null),
                state.map(IdleState::warnedAt).orElse(null),
                state.map(IdleState::judgedAt).orElse(null),
                rows.newestSamples(id, MOST_SAMPLES).stream()
                        .map(SampleView::of)
                        .toList());
    }

    private static boolean isOfThisRun(Environment environment, IdleState state) {
        var started = environment.startedAt();
        return environment.status() == EnvironmentStatus.RUNNING
                && !environment.isProtected()
                && started != null
                && !state.judgedAt().isBefore(started);
    }
}
