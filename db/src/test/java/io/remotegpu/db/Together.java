package io.remotegpu.db;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many callers at the same moment. */
public final class Together {

    /** What became of each call: its result, or what it threw. */
    public record Outcome<T>(T result, Throwable failure) {}

    /** Lets all calls loose at once and waits for all. */
    public static <T> List<Outcome<T>> run(List<Callable<T>> calls) throws InterruptedException {
        var start = new CountDownLatch(1);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<T>>();
            for (var call : calls) {
                futures.add(executor.submit(() -> {
                    start.await();
                    return call.call();
                }));
            }
            start.countDown();
            var outcomes = new ArrayList<Outcome<T>>();
            for (var future : futures) {
                try {
                    outcomes.add(new Outcome<>(future.get(), null));
                } catch (ExecutionException failure) {
                    outcomes.add(new Outcome<>(null, failure.getCause()));
                }
            }
            return outcomes;
        }
    }

    private Together() {}
}
