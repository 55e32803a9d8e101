package io.remotegpu.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.temporal.api.activity.v1.ActivityOptions;
import io.temporal.api.common.v1.ActivityType;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.failure.v1.TimeoutFailureInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.common.converter.DefaultDataConverter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EngineStepViewTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void whatNobodyTookUpWaitsForItsHost() {
        assertThat(view(step("Engine_Remove", PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED, 1, -60)))
                .isEqualTo(new EngineStepView(
                        "remove", "host-001", "waiting_for_host", 1, null, NOW.minusSeconds(60), null));
    }

    @Test
    void whatFailedWaitsForItsNextAttempt() {
        var step = step("Engine_Deploy", PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED, 3, 10)
                .setLastAttemptCompleteTime(at(-5))
                .setNextAttemptScheduleTime(at(10))
                .setLastFailure(Failure.newBuilder().setMessage("the engine does not answer"));
        assertThat(view(step))
                .isEqualTo(new EngineStepView(
                        "deploy",
                        "host-001",
                        "waiting_for_retry",
                        3,
                        "the engine does not answer",
                        NOW.minusSeconds(5),
                        NOW.plusSeconds(10)));
    }

    @Test
    void whoseTurnHasComeAndIsNotTakenUpWaitsForItsHost() {
        var step = step("Engine_Stop", PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED, 2, -30)
                .setLastFailure(Failure.newBuilder()
                        .setMessage("activity Heartbeat timeout")
                        .setTimeoutFailureInfo(
                                TimeoutFailureInfo.newBuilder().setTimeoutType(TimeoutType.TIMEOUT_TYPE_HEARTBEAT)));
        assertThat(view(step))
                .isEqualTo(new EngineStepView(
                        "stop",
                        "host-001",
                        "waiting_for_host",
                        2,
                        "the host stopped answering in the middle of the step",
                        NOW.minusSeconds(30),
                        null));
    }

    @Test
    void whatRunsSaysSinceWhen() {
        var step = step("Engine_Deploy", PendingActivityState.PENDING_ACTIVITY_STATE_STARTED, 1, -60)
                .setLastStartedTime(at(-59));
        assertThat(view(step).state()).isEqualTo("running");
        assertThat(view(step).since()).isEqualTo(NOW.minusSeconds(59));
        step.setState(PendingActivityState.PENDING_ACTIVITY_STATE_CANCEL_REQUESTED);
        assertThat(view(step).state()).isEqualTo("ending");
    }

    @Test
    void aLongFailureIsCutAndAStepOfNoEngineIsNone() {
        var step = step("Engine_Stop", PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED, 2, -30)
                .setLastFailure(Failure.newBuilder().setMessage("x".repeat(5000)));
        assertThat(view(step).lastFailure()).hasSize(1000);
        assertThat(EngineStepView.of(
                        step.setActivityType(ActivityType.newBuilder().setName("Reconcile_Look"))
                                .build(),
                        DefaultDataConverter.newDefaultInstance(),
                        NOW))
                .isEmpty();
    }

    private static EngineStepView view(PendingActivityInfo.Builder step) {
        return EngineStepView.of(step.build(), DefaultDataConverter.newDefaultInstance(), NOW)
                .orElseThrow();
    }

    private static PendingActivityInfo.Builder step(
            String type, PendingActivityState state, int attempt, int scheduledIn) {
        return PendingActivityInfo.newBuilder()
                .setActivityType(ActivityType.newBuilder().setName(type))
                .setState(state)
                .setAttempt(attempt)
                .setScheduledTime(at(scheduledIn))
                .setActivityOptions(ActivityOptions.newBuilder()
                        .setTaskQueue(TaskQueue.newBuilder().setName("host-host-001")));
    }

    private static Timestamp at(int seconds) {
        return Timestamp.newBuilder()
                .setSeconds(NOW.plusSeconds(seconds).getEpochSecond())
                .build();
    }
}
