package io.remotegpu.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.RetryState;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TimeoutFailure;
import org.junit.jupiter.api.Test;

/** A host that never took it up: see {@link CreateEnvironmentTest}, because only a server makes such a failure. */
class DeployRemedyTest {

    @Test
    void onAHostThatHadBegunItGoesOn() {
        var silent = timeout(TimeoutType.TIMEOUT_TYPE_HEARTBEAT, RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED);
        assertThat(DeployRemedy.of(silent)).isEqualTo(DeployRemedy.GO_ON);
        assertThat(DeployRemedy.leftNothing(silent)).isFalse();
        var away = activity(
                ApplicationFailure.newFailure("the engine is away", "ENGINE_UNAVAILABLE"),
                RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED);
        assertThat(DeployRemedy.of(away)).isEqualTo(DeployRemedy.GO_ON);
    }

    @Test
    void aDeployThatTakesTooLongIsGivenUp() {
        assertThat(DeployRemedy.of(timeout(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, RetryState.RETRY_STATE_TIMEOUT)))
                .isEqualTo(DeployRemedy.NONE);
    }

    @Test
    void theErrorsKindDecides() {
        assertThat(DeployRemedy.of(error("PORT_TAKEN", 22000))).isEqualTo(DeployRemedy.OTHER_PORT);
        assertThat(DeployRemedy.takenPort(error("PORT_TAKEN", 22000))).isEqualTo(22000);
        assertThat(DeployRemedy.of(error("NO_CAPACITY", 0))).isEqualTo(DeployRemedy.OTHER_HOST);
        assertThat(DeployRemedy.of(error("IMAGE_NOT_FOUND", 0))).isEqualTo(DeployRemedy.NONE);
    }

    private static ActivityFailure timeout(TimeoutType type, RetryState state) {
        return activity(new TimeoutFailure("timed out", null, type), state);
    }

    private static ActivityFailure error(String kind, int port) {
        return activity(
                ApplicationFailure.newNonRetryableFailure("no", kind, port),
                RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE);
    }

    private static ActivityFailure activity(Exception cause, RetryState state) {
        return new ActivityFailure("failed", 1, 2, "Engine_Deploy", "id", state, "host", cause);
    }
}
