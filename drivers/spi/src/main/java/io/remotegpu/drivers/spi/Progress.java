package io.remotegpu.drivers.spi;

/**
 * Where a long call tells what it is doing, for people who wait and for whoever watches that the caller is alive.
 *
 * <p>{@link #report} may throw to abandon the call; a driver lets that pass and cleans nothing up.
 */
@FunctionalInterface
public interface Progress {

    /** Says what is being done now, for example {@code "pulling image: 120 of 300 MB"}. Cheap; call it often. */
    void report(String message);

    /** Tells nobody. */
    static Progress silent() {
        return message -> {};
    }
}
