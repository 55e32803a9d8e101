package io.remotegpu.workflows.environment;

import io.temporal.failure.ApplicationFailure;
import java.util.Locale;
import java.util.Optional;

/**
 * Why an operation was not admitted; nothing of it is stored. It is the type of the {@code ApplicationFailure}, whose
 * message says what to do and whose details, where present, are a list of {@link Shortage}.
 */
public enum Refusal {
    NAME_TAKEN,
    QUOTA_EXCEEDED,
    NO_CAPACITY,
    /** The environment is not in a status from which the operation can start. */
    INVALID_STATE,
    /** The Idempotency-Key was used before for another request. */
    IDEMPOTENCY_KEY_REUSED,
    NOT_FOUND,
    /** The operation that was meant is over. */
    OPERATION_OVER,
    /** No engine step is under way that could be tried again. */
    NOTHING_TO_RETRY,
    /** Without the step the operation would leave something behind, or nothing to use. */
    NOT_SKIPPABLE,
    /** The operation gives back, or is past the point where it could be given up. */
    NOT_ABORTABLE,
    /** An operator's word that cannot be written down. */
    INVALID_REQUEST;

    static final String MARK = ": ";

    /** The refusal that a failure tells of: by its type, or, a validator's, by the beginning of its message. */
    public static Optional<Refusal> of(ApplicationFailure failure) {
        for (var refusal : values()) {
            if (refusal.name().equals(failure.getType().toUpperCase(Locale.ROOT)) || refusal.begins(failure)) {
                return Optional.of(refusal);
            }
        }
        return Optional.empty();
    }

    /** Why, in words, as the failure that tells of it says. */
    public String message(ApplicationFailure failure) {
        var message = failure.getOriginalMessage();
        return begins(failure) ? message.substring(name().length() + MARK.length()) : message;
    }

    private boolean begins(ApplicationFailure failure) {
        return failure.getType().equals(HandRefusedException.class.getName())
                && failure.getOriginalMessage().startsWith(name() + MARK);
    }

    /** The problem's stable {@code code} in API answers, for example {@code "quota_exceeded"}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
