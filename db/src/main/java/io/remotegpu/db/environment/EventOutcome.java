package io.remotegpu.db.environment;

import java.util.Locale;
import java.util.stream.Stream;

/** What became of a step. */
public enum EventOutcome {
    STARTED,
    DONE,
    FAILED,
    UNDONE,
    /** It waits for a host that is silent. */
    WAITING,
    /** An operator had another attempt made. */
    RETRIED,
    /** An operator left it out. */
    SKIPPED,
    /** An operator, or its user, gave it up. */
    ABORTED,
    /** Its users were told what comes unless they do something. */
    WARNED,
    /** What its engine says, or what it waits for now, while it goes on. */
    PROGRESS;

    /** The name in answers and rows. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that wire name; {@link IllegalArgumentException} when there is none. */
    public static EventOutcome fromWireName(String name) {
        for (var value : values()) {
            if (value.wireName().equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not one of "
                + String.join(
                        ", ", Stream.of(values()).map(EventOutcome::wireName).toList()));
    }
}
