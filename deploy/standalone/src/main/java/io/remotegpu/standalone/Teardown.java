package io.remotegpu.standalone;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Ends what was begun, last first, once: at Ctrl-C, at {@code down}, or when a start fails halfway. What is begun while
 * it runs is ended at once.
 */
final class Teardown {

    private final Deque<Part> parts = new ArrayDeque<>();
    private final Console console;
    private boolean running;

    Teardown(Console console) {
        this.console = console;
    }

    /** Registers what ends a part; do it before the part is begun, for the signal may come in between. */
    void add(String name, AutoCloseable end) {
        synchronized (parts) {
            if (!running) {
                parts.push(new Part(name, end));
                return;
            }
        }
        end(new Part(name, end));
    }

    boolean isRunning() {
        synchronized (parts) {
            return running;
        }
    }

    /** Returns when everything has ended. */
    void run() {
        synchronized (parts) {
            running = true;
            if (parts.isEmpty()) {
                return;
            }
        }
        long began = System.nanoTime();
        console.line("\nRemoteGPU is stopping");
        for (Part part = next(); part != null; part = next()) {
            end(part);
        }
        console.line("RemoteGPU has stopped, after " + Console.secondsSince(began));
    }

    private @Nullable Part next() {
        synchronized (parts) {
            return parts.poll();
        }
    }

    private void end(Part part) {
        try {
            part.end().close();
        } catch (Exception e) {
            console.say(part.name(), "did not stop cleanly: " + e);
        }
    }

    private record Part(String name, AutoCloseable end) {}
}
