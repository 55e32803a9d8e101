package io.remotegpu.api.environment;

import com.google.protobuf.Timestamp;
import io.swagger.v3.oas.annotations.media.Schema;
import io.temporal.api.common.v1.ActivityType;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.common.converter.DataConverter;
import io.temporal.failure.TemporalFailure;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The step that an engine is doing, or is to do, for an operation: as Temporal knows it. */
@Schema(name = "EngineStep")
record EngineStepView(
        @Schema(allowableValues = {"deploy", "stop", "remove"})
        String name,

        @Schema(example = "host-001") @Nullable String hostId,

        @Schema(
                description =
                        "waiting_for_host: its agent has not taken it up; running: the engine is at it; "
                                + "waiting_for_retry: it failed, and is tried again; ending: an operator's word ends this attempt",
                allowableValues = {"waiting_for_host", "running", "waiting_for_retry", "ending"})
        String state,

        @Schema(description = "From 1; begins anew when it is retried by hand", example = "3")
        int attempt,

        @Schema(
                description = "Why the attempt before failed",
                example = "the engine at unix:///var/run/docker.sock does not answer")
        @Nullable
        String lastFailure,

        @Schema(description = "Since when it is in that state")
        Instant since,

        @Schema(description = "When it is tried again by itself") @Nullable
        Instant nextAttemptAt) {

    private static final String PREFIX = "Engine_";
    private static final String QUEUE_PREFIX = "host-";
    private static final int LONGEST_FAILURE = 1000;

    /**
     * Empty for a step that is not an engine's.
     *
     * @param payloads reads what the failure says, which may be encrypted
     */
    static Optional<EngineStepView> of(PendingActivityInfo step, DataConverter payloads, Instant now) {
        if (!step.getActivityType().getName().startsWith(PREFIX)) {
            return Optional.empty();
        }
        var next = step.hasNextAttemptScheduleTime()
                ? instant(step.getNextAttemptScheduleTime())
                : instant(step.getScheduledTime());
        var waitsForRetry = step.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
                && step.getAttempt() > 1
                && next.isAfter(now);
        return Optional.of(new EngineStepView(
                name(step.getActivityType()),
                host(step),
                state(step.getState(), waitsForRetry),
                step.getAttempt(),
                step.hasLastFailure() ? failure(step.getLastFailure(), payloads) : null,
                since(step, waitsForRetry),
                waitsForRetry ? next : null));
    }

    private static String name(ActivityType type) {
        return type.getName().substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    }

    private static @Nullable String host(PendingActivityInfo step) {
        var queue = step.getActivityOptions().getTaskQueue().getName();
        return queue.startsWith(QUEUE_PREFIX) ? queue.substring(QUEUE_PREFIX.length()) : null;
    }

    private static String state(PendingActivityState state, boolean waitsForRetry) {
        return switch (state) {
            case PENDING_ACTIVITY_STATE_STARTED -> "running";
            case PENDING_ACTIVITY_STATE_CANCEL_REQUESTED -> "ending";
            case PENDING_ACTIVITY_STATE_SCHEDULED,
                    PENDING_ACTIVITY_STATE_PAUSED,
                    PENDING_ACTIVITY_STATE_PAUSE_REQUESTED,
                    PENDING_ACTIVITY_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> waitsForRetry ? "waiting_for_retry" : "waiting_for_host";
        };
    }

    private static Instant since(PendingActivityInfo step, boolean waitsForRetry) {
        if (step.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED) {
            return instant(step.getLastStartedTime());
        }
        return waitsForRetry && step.hasLastAttemptCompleteTime()
                ? instant(step.getLastAttemptCompleteTime())
                : instant(step.getScheduledTime());
    }

    private static String failure(Failure failure, DataConverter payloads) {
        if (failure.hasTimeoutFailureInfo()
                && failure.getTimeoutFailureInfo().getTimeoutType() == TimeoutType.TIMEOUT_TYPE_HEARTBEAT) {
            return "the host stopped answering in the middle of the step";
        }
        var message = message(failure, payloads);
        return message.length() <= LONGEST_FAILURE ? message : message.substring(0, LONGEST_FAILURE);
    }

    private static String message(Failure failure, DataConverter payloads) {
        if (!failure.hasEncodedAttributes()) {
            return failure.getMessage();
        }
        return payloads.failureToException(failure) instanceof TemporalFailure read
                ? read.getOriginalMessage()
                : failure.getMessage();
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
