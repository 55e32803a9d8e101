package io.remotegpu.db.environment;

import java.util.Locale;
import java.util.stream.Stream;

/** How an operation ended. */
public enum OperationOutcome {
    SUCCEEDED,
    FAILED;

    /** The name in answers and rows. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that wire name; {@link IllegalArgumentException} when there is none. */
    public static OperationOutcome fromWireName(String name) {
        for (var value : values()) {
            if (value.wireName().equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not one of "
                + String.join(
                        ", ",
                        Stream.of(values()).map(OperationOutcome::wireName).toList()));
    }
}
