package io.remotegpu.db.audit;

import java.util.Locale;

/** How a change came about. */
public enum AuditOrigin {
    /** A request to the API, whatever was answered. */
    API,
    /** An operator's word to a workflow, from the API or from Temporal's own tools; written before it is done. */
    OPERATOR,
    /** The system did it by itself; written in the transaction that did it. */
    AUTOMATIC;

    /** The name in rows and answers. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static AuditOrigin fromWireName(String name) {
        for (var origin : values()) {
            if (origin.wireName().equals(name)) {
                return origin;
            }
        }
        throw new IllegalArgumentException("must be api, operator or automatic");
    }
}
