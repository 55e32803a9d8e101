package io.remotegpu.standalone.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for conditions, not for seconds. */
final class Eventually {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    static void until(String what, Callable<Boolean> condition) {
        value(what, condition, Boolean.TRUE::equals);
    }

    /** The first value that is wanted; the last one seen is in the error. */
    static <T> T value(String what, Callable<T> look, Predicate<T> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                T seen = look.call();
                if (wanted.test(seen)) {
                    return seen;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError(
                            "not within " + PATIENCE.toSeconds() + " s: " + what + "; last seen: " + seen);
                }
                Thread.sleep(50);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(what, e);
        }
    }

    private Eventually() {}
}
