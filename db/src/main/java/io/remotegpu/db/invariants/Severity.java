package io.remotegpu.db.invariants;

import java.util.Locale;
import java.util.stream.Stream;

/** How bad it is: what an alert goes by. */
public enum Severity {
    /** Good to know; nothing is wrong, or it mends itself. */
    INFO,
    /** Somebody should look; nothing was lost. */
    WARNING,
    /** A promise is broken: something leaks, is given twice, or runs without being accounted for. */
    CRITICAL;

    /** The name in answers, rows and metrics. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that wire name; {@link IllegalArgumentException} when there is none. */
    public static Severity fromWireName(String name) {
        return Stream.of(values())
                .filter(value -> value.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not one of "
                        + String.join(
                                ", ",
                                Stream.of(values()).map(Severity::wireName).toList())));
    }
}
