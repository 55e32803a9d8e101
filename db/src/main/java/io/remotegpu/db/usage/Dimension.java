package io.remotegpu.db.usage;

import java.util.Locale;

/** By what usage is added up. */
public enum Dimension {
    USER,
    HOST,
    /** The model of a GPU. CPU, memory and storage are of no model. */
    MODEL,
    ENVIRONMENT,
    /** A day in UTC. */
    DAY,
    /** A month in UTC. */
    MONTH;

    /** The name in requests. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Dimension fromWireName(String name) {
        for (var dimension : values()) {
            if (dimension.wireName().equals(name)) {
                return dimension;
            }
        }
        throw new IllegalArgumentException("there is no dimension '" + name + "'");
    }

    /** Whether it is a part of the time. */
    public boolean isPeriod() {
        return this == DAY || this == MONTH;
    }
}
