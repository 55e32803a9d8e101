package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.ErrorKind;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Objects;

/** What can be done about a failed deploy, short of giving up. */
enum DeployRemedy {
    OTHER_PORT,
    OTHER_HOST,
    /** Begun, and then not continued for a while: the host has to be waited for in any case, to go on or to undo. */
    WAIT_FOR_HOST,
    NONE;

    static DeployRemedy of(ActivityFailure failure) {
        return switch (failure.getCause()) {
            case ApplicationFailure application -> {
                if (application.getType().equals(ErrorKind.PORT_TAKEN.name())) {
                    yield OTHER_PORT;
                }
                yield application.getType().equals(ErrorKind.NO_CAPACITY.name()) ? OTHER_HOST : NONE;
            }
            case TimeoutFailure timeout -> {
                if (timeout.getTimeoutType() != TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START) {
                    yield NONE;
                }
                yield neverStarted(timeout) ? OTHER_HOST : WAIT_FOR_HOST;
            }
            case null, default -> NONE;
        };
    }

    /** The host port in question, for {@link #OTHER_PORT}. */
    static int takenPort(ActivityFailure failure) {
        return ((ApplicationFailure) Objects.requireNonNull(failure.getCause()))
                .getDetails()
                .get(0, Integer.class);
    }

    /**
     * No host ever began it, so there is nothing there to remove. A deploy heartbeats before its first call to the
     * engine: one that began and whose retry was not picked up has left heartbeat details.
     */
    private static boolean neverStarted(TimeoutFailure timeout) {
        return timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START
                && timeout.getLastHeartbeatDetails().getSize() == 0;
    }

    /** Whether the failed deploy can have left anything on its host. */
    static boolean leftNothing(ActivityFailure failure) {
        return failure.getCause() instanceof TimeoutFailure timeout && neverStarted(timeout);
    }
}
