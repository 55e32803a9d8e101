package io.remotegpu.drivers.kubernetes;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;

/**
 * Waits for the cluster by asking again: soon at first, then four times a second. Asking and not watching, because one look
 * at one object costs the API server little, and cannot fall behind.
 */
final class Wait {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
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

    /** A tenth of the time so far, within bounds. */
    void pause(String message) {
        Duration passed = passed();
        if (passed.compareTo(nextWord) > 0) {
            progress.report(message);
            nextWord = passed.plus(BETWEEN_WORDS);
        }
        Duration tenth = passed.dividedBy(10);
        try {
            Thread.sleep(
                    tenth.compareTo(SHORTEST_PAUSE) < 0
                            ? SHORTEST_PAUSE
                            : tenth.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : tenth);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, message + ": interrupted", e);
        }
    }

    private Duration passed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
