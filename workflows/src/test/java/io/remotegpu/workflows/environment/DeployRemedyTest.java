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
    void aHostThatHadBegunIsWaitedFor() {
        var failure = timeout(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START, "deploying");
        assertThat(DeployRemedy.of(failure)).isEqualTo(DeployRemedy.WAIT_FOR_HOST);
        assertThat(DeployRemedy.leftNothing(failure)).isFalse();
    }

    @Test
    void aDeployThatTakesTooLongIsGivenUp() {
        assertThat(DeployRemedy.of(timeout(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, "deploying")))
                .isEqualTo(DeployRemedy.NONE);
    }

    @Test
    void theErrorsKindDecides() {
        assertThat(DeployRemedy.of(error("PORT_TAKEN", 22000))).isEqualTo(DeployRemedy.OTHER_PORT);
        assertThat(DeployRemedy.takenPort(error("PORT_TAKEN", 22000))).isEqualTo(22000);
        assertThat(DeployRemedy.of(error("NO_CAPACITY", 0))).isEqualTo(DeployRemedy.OTHER_HOST);
        assertThat(DeployRemedy.of(error("IMAGE_NOT_FOUND", 0))).isEqualTo(DeployRemedy.NONE);
    }

    private static ActivityFailure timeout(TimeoutType type, String heartbeat) {
        return activity(new TimeoutFailure("timed out", heartbeat, type));
    }

    private static ActivityFailure error(String kind, int port) {
        return activity(ApplicationFailure.newNonRetryableFailure("no", kind, port));
    }

    private static ActivityFailure activity(Exception cause) {
        return new ActivityFailure(
                "failed", 1, 2, "Engine_Deploy", "id", RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE, "host", cause);
    }
}
