package io.remotegpu.activities.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was looked at, and how it is.
 *
 * @param area the part, for example {@code "database"}
 * @param what in words
 * @param remedy what to do; absent where all is well
 */
public record Diagnosis(
        String area, State state, String what, @Nullable String remedy) {

    public enum State {
        FINE,
        FINDING,
        /** The settings let it be so, and whoever runs the installation is to know. */
        WARNING,
        /** Nothing is known of it. */
        UNCHECKED;

        /** The name in JSON. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Diagnosis fine(String area, String what) {
        return new Diagnosis(area, State.FINE, what, null);
    }

    public static Diagnosis finding(String area, String what, String remedy) {
        return new Diagnosis(area, State.FINDING, what, remedy);
    }

    public static Diagnosis warning(String area, String what, String remedy) {
        return new Diagnosis(area, State.WARNING, what, remedy);
    }

    public static Diagnosis unchecked(String area, String what, String remedy) {
        return new Diagnosis(area, State.UNCHECKED, what, remedy);
    }
}
