package io.remotegpu.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many callers at the same time, each with one task after the other. */
final class AtOnce {

    interface Task<T> {
        void run(T item) throws InterruptedException;
    }

    /** Returns when all are done; the first failure ends the benchmark. */
    static <T> void run(int callers, Collection<T> items, Task<T> task) throws InterruptedException {
        var waiting = new ConcurrentLinkedQueue<T>(items);
        var running = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < callers; caller++) {
                running.add(threads.submit(() -> {
                    for (T item = waiting.poll(); item != null; item = waiting.poll()) {
                        task.run(item);
                    }
                    return null;
                }));
            }
            for (var caller : running) {
                try {
                    caller.get();
                } catch (ExecutionException e) {
                    waiting.clear();
                    throw e.getCause() instanceof BenchException known
                            ? known
                            : new BenchException("a caller failed: " + e.getCause(), e.getCause());
                }
            }
        }
    }

    private AtOnce() {}
}
