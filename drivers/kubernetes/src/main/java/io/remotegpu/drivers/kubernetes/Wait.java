package io.remotegpu.drivers.kubernetes;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.function.Supplier;

/** Waits for the cluster by asking again: soon at first, then four times a second, and after a while once a second. */
final class Wait {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONG_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** What takes less needs no word. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final Duration BETWEEN_WORDS = Duration.ofSeconds(1);

    private final long began = System.nanoTime();
    private final Duration patience;
    private final Progress progress;
    private Duration nextWord = QUIET;

    Wait(Duration patience, Progress progress) {
        this.patience = patience;
        this.progress = progress;
    }

    boolean isOver() {
        return isLongerThan(patience);
    }

    boolean isLongerThan(Duration duration) {
        return passed().compareTo(duration) > 0;
    }

    /** What ends a pause early. */
    interface Pause {
        void within(Duration duration) throws InterruptedException;
    }

    void pause(String message) {
        pause(() -> message, Thread::sleep);
    }

    /** @param message asked for when there is to be a word */
    void pause(Supplier<String> message, Pause pause) {
        Duration passed = passed();
        if (passed.compareTo(nextWord) > 0) {
            progress.report(message.get());
            nextWord = passed.plus(BETWEEN_WORDS);
        }
        try {
            pause.within(after(passed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "waiting for the cluster was interrupted", e);
        }
    }

    /** A tenth of the time so far, within bounds. */
    static Duration after(Duration passed) {
        if (passed.compareTo(QUIET) > 0) {
            return LONGEST_PAUSE;
        }
        Duration tenth = passed.dividedBy(10);
        if (tenth.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return tenth.compareTo(LONG_PAUSE) > 0 ? LONG_PAUSE : tenth;
    }

    private Duration passed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
