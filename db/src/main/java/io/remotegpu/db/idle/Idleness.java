package io.remotegpu.db.idle;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the samples of an environment say of it.
 *
 * @param since from when on every sample says that nobody uses it, without a gap; only while it is idle
 * @param finding what uses it, what is unknown, or what was seen all the while
 */
public record Idleness(State state, @Nullable Instant since, String finding) {

    public enum State {
        IN_USE,
        /** Not everything that would be use can be seen: that is not idleness. */
        UNKNOWN,
        IDLE;

        /** The name in answers and rows. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Idleness inUse(String finding) {
        return new Idleness(State.IN_USE, null, finding);
    }

    static Idleness unknown(String finding) {
        return new Idleness(State.UNKNOWN, null, finding);
    }

    static Idleness idle(Instant since, String finding) {
        return new Idleness(State.IDLE, since, finding);
    }
}
