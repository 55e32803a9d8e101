package io.remotegpu.workflows.environment;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Locale;

/**
 * Why an operation failed.
 *
 * @param code stable, lower case: a {@link Refusal}'s, an {@link io.remotegpu.drivers.spi.ErrorKind}'s, or one of here
 * @param message words that a user can act on
 */
public record FailureReason(String code, String message) {

    /** Failure type of a deploy whose services did not answer in time, or whose compute ended by itself. */
    public static final String NOT_READY = "NOT_READY";

    /** Somebody did not want it any more. */
    public static final String CANCELLED = "cancelled";

    /** An operator, or its user, gave it up. */
    public static final String ABORTED = "aborted";

    /** Failure type of a wait for capacity that lasted as long as was wanted. */
    static final String WAIT_TIMEOUT = "WAIT_TIMEOUT";

    /** The reason at the bottom of a workflow's failure. */
    public static FailureReason of(TemporalFailure failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ApplicationFailure application -> {
                    return new FailureReason(
                            application.getType().toLowerCase(Locale.ROOT), application.getOriginalMessage());
                }
                case CanceledFailure canceled -> {
                    return new FailureReason(CANCELLED, "the operation was cancelled");
                }
                case TimeoutFailure timeout -> {
                    return new FailureReason("timeout", describe(timeout));
                }
                default -> {}
            }
        }
        return new FailureReason("internal", failure.getOriginalMessage());
    }

    private static String describe(TimeoutFailure timeout) {
        return switch (timeout.getTimeoutType()) {
            case TIMEOUT_TYPE_SCHEDULE_TO_START -> "the host did not take the step up in time; is its agent running?";
            case TIMEOUT_TYPE_HEARTBEAT -> "the host stopped answering in the middle of the step";
            case TIMEOUT_TYPE_START_TO_CLOSE, TIMEOUT_TYPE_SCHEDULE_TO_CLOSE -> "the step did not end in time";
            case TIMEOUT_TYPE_UNSPECIFIED, UNRECOGNIZED -> "the step timed out";
        };
    }
}
