package io.remotegpu.db.alert;

import java.util.Locale;
import java.util.stream.Stream;

/** Whether an alert's condition still holds. */
public enum AlertState {
    FIRING,
    RESOLVED;

    /** The name in rows, answers and deliveries. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that wire name; {@link IllegalArgumentException} when there is none. */
    public static AlertState fromWireName(String name) {
        return Stream.of(values())
                .filter(value -> value.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is not firing or resolved"));
    }
}
