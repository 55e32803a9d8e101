package io.remotegpu.db.audit;

import java.util.Locale;

/** What became of it. */
public enum AuditOutcome {
    DONE,
    /** Admitted, and done by a workflow, whose events tell the rest. */
    ACCEPTED,
    /** Answered 4xx: nothing changed. */
    REFUSED,
    /** Answered 5xx: it may have been done, or not. */
    FAILED;

    /** The name in rows and answers. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static AuditOutcome fromWireName(String name) {
        for (var outcome : values()) {
            if (outcome.wireName().equals(name)) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("must be done, accepted, refused or failed");
    }
}
