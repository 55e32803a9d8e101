package io.remotegpu.activities.engine;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes events of what an engine says while it deploys, for whoever waits for that: what is new, and the seldomer the longer
 * it takes, so that an hour has some fifty. A step that is quick has none. Beside the step, which does not fail by it.
 */
final class ProgressEvents {

    private static final Logger LOG = LoggerFactory.getLogger(ProgressEvents.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);

    private final LogStore store;
    private final UUID environmentId;
    private final long began = System.nanoTime();
    private final AtomicBoolean telling = new AtomicBoolean();
    private String told;
    private long next;

    /** @param first what needs no telling */
    ProgressEvents(LogStore store, UUID environmentId, String first) {
        this.store = store;
        this.environmentId = environmentId;
        this.told = first;
        this.next = began;
    }

    /** Called now and then, by one thread at a time, with what was said last. Does not wait. */
    void hear(String message) {
        var now = System.nanoTime();
        if (message.equals(told) || now - next < 0 || !telling.compareAndSet(false, true)) {
            return;
        }
        told = message;
        next = now + pauseAfter(Duration.ofNanos(now - began)).toNanos();
        Thread.startVirtualThread(() -> tell(message));
    }

    static Duration pauseAfter(Duration passed) {
        var tenth = passed.dividedBy(10);
        return tenth.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : tenth;
    }

    private void tell(String message) {
        try {
            store.progress(environmentId, message);
        } catch (RuntimeException failure) {
            LOG.debug("that environment {} is at '{}' is not told", environmentId, message, failure);
        } finally {
            telling.set(false);
        }
    }
}
