package io.remotegpu.drivers.spi;

import org.jspecify.annotations.Nullable;

/**
 * What an engine says of one environment at one moment.
 *
 * @param reason why, in words a user can act on; always present for {@code STARTING} and {@code FAILED}
 */
public record Observation(State state, @Nullable String reason) {

    public enum State {
        /** The engine has nothing of it, neither compute nor data. */
        ABSENT,
        /** Compute exists, but not every service answers yet. */
        STARTING,
        /** Every service of the environment answers in its own protocol. */
        RUNNING,
        /** Compute is gone or down, data is there. */
        STOPPED,
        /** Compute ended by itself or cannot run. */
        FAILED
    }

    public static Observation absent() {
        return new Observation(State.ABSENT, null);
    }

    public static Observation starting(String reason) {
        return new Observation(State.STARTING, reason);
    }

    public static Observation running() {
        return new Observation(State.RUNNING, null);
    }

    public static Observation stopped() {
        return new Observation(State.STOPPED, null);
    }

    public static Observation failed(String reason) {
        return new Observation(State.FAILED, reason);
    }
}
