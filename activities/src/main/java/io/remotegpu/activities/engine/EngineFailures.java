package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.workflows.environment.FailureReason;
import io.temporal.failure.ApplicationFailure;

/** How a driver's error looks to a workflow: its type is the kind's name, and the kind decides whether it is retried. */
final class EngineFailures {

    /** While bringing up, or reading: only what may pass is retried. */
    static ApplicationFailure bringingUp(DriverException error) {
        return failure(error, !error.kind().retried());
    }

    /** While taking down, everything is retried: what is held cannot be given back before it worked. */
    static ApplicationFailure takingDown(DriverException error) {
        return failure(error, false);
    }

    static ApplicationFailure notReady(String reason) {
        return ApplicationFailure.newNonRetryableFailure(reason, FailureReason.NOT_READY);
    }

    /** The worker shuts down: another attempt, perhaps elsewhere, continues. */
    static ApplicationFailure interrupted() {
        return ApplicationFailure.newFailure("the host's worker is shutting down", ErrorKind.OUTCOME_UNKNOWN.name());
    }

    private static ApplicationFailure failure(DriverException error, boolean nonRetryable) {
        return ApplicationFailure.newBuilder()
                .setType(error.kind().name())
                .setMessage(error.getMessage())
                .setNonRetryable(nonRetryable)
                .setDetails(error.port())
                .build();
    }

    private EngineFailures() {}
}
