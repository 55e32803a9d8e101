package io.remotegpu.workflows.environment;

import java.util.Locale;

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
    NOT_FOUND;

    /** The problem's stable {@code code} in API answers, for example {@code "quota_exceeded"}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
