package io.remotegpu.db.gpu;

import java.util.Locale;
import java.util.stream.Stream;

/** Whether a GPU can be given away. */
public enum GpuStatus {
    AVAILABLE,
    ALLOCATED,
    /** Not given to anybody; whoever holds it still does. */
    ERROR;

    /** The name in answers and rows. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value of that wire name; {@link IllegalArgumentException} when there is none. */
    public static GpuStatus fromWireName(String name) {
        for (var value : values()) {
            if (value.wireName().equals(name)) {
                return value;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not one of "
                + String.join(", ", Stream.of(values()).map(GpuStatus::wireName).toList()));
    }
}
