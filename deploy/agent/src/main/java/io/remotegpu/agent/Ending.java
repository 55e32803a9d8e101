package io.remotegpu.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Ends what was begun, last first, once. What is begun while it runs is ended at once. */
final class Ending {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Console console;
    private boolean begun;

    Ending(Console console) {
        this.console = console;
    }

    /** Registers what ends a part. */
    <T extends AutoCloseable> T with(T part) {
        synchronized (parts) {
            if (!begun) {
                parts.push(part);
                return part;
            }
        }
        end(part);
        return part;
    }

    boolean hasBegun() {
        synchronized (parts) {
            return begun;
        }
    }

    void run() {
        synchronized (parts) {
            begun = true;
        }
        for (AutoCloseable part = next(); part != null; part = next()) {
            end(part);
        }
    }

    private @Nullable AutoCloseable next() {
        synchronized (parts) {
            return parts.poll();
        }
    }

    private void end(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            console.say("Stop", part.getClass().getSimpleName() + " did not end cleanly: " + e);
        }
    }
}
