package io.remotegpu.api.environment;

import io.opentelemetry.context.Context;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/**
 * Calls Temporal on other threads, because its client may try for longer than a request can wait; in the trace of whoever
 * asks.
 */
@Component
class TimedCalls {

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @PreDestroy
    void stop() {
        callers.shutdownNow();
    }

    /** The call's result, or a timeout; a call that nobody waits for any more is interrupted. */
    <T> T call(Callable<T> call, Duration timeout) throws ExecutionException, TimeoutException, InterruptedException {
        var running = callers.submit(Context.current().wrap(call));
        try {
            return running.get(Math.max(1, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } finally {
            running.cancel(true);
        }
    }

    /** A call for whose end nobody waits. */
    void later(Runnable call) {
        callers.execute(Context.current().wrap(call));
    }
}
