package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.ErrorKind;
import io.temporal.api.enums.v1.RetryState;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Objects;

/** What can be done about a failed deploy, short of giving up. */
enum DeployRemedy {
    OTHER_PORT,
    OTHER_HOST,
    /** Begun, and cut short by what may pass: the host has to be waited for in any case, to go on or to undo. */
    GO_ON,
    NONE;

    static DeployRemedy of(ActivityFailure failure) {
        if (leftNothing(failure)) {
            return OTHER_HOST;
        }
        if (failure.getCause() instanceof ApplicationFailure application) {
            if (application.getType().equals(ErrorKind.PORT_TAKEN.name())) {
                return OTHER_PORT;
            }
            if (application.getType().equals(ErrorKind.NO_CAPACITY.name())) {
                return OTHER_HOST;
            }
        }
        return failure.getRetryState() == RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED ? GO_ON : NONE;
    }

    /** The host port in question, for {@link #OTHER_PORT}. */
    static int takenPort(ActivityFailure failure) {
        return ((ApplicationFailure) Objects.requireNonNull(failure.getCause()))
                .getDetails()
                .get(0, Integer.class);
    }

    /**
     * Whether the host never began it, so that there is nothing to remove. Only an attempt that is not retried can fail
     * with this timeout, see {@link Steps#tryToBringUp}: so no attempt before it began either.
     */
    static boolean leftNothing(ActivityFailure failure) {
        return failure.getCause() instanceof TimeoutFailure timeout
                && timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START;
    }
}
