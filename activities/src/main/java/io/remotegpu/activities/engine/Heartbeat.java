package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.Progress;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells Temporal that a step is alive, also while a call to the engine takes its time, and tells the step when it is to
 * stop: {@link #report} throws once the activity is cancelled. All of it beside the step, which waits for none.
 */
final class Heartbeat implements Progress, AutoCloseable {

    private static final long PERIOD_SECONDS = 2;

    private static final ScheduledExecutorService TICKER = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("heartbeat").factory());

    private final ActivityExecutionContext context;
    private final Consumer<String> hearer;
    private final ScheduledFuture<?> ticks;
    private volatile String message;
    private volatile @Nullable ActivityCompletionException stopped;

    Heartbeat(ActivityExecutionContext context, String message) {
        this(context, message, _ -> {});
    }

    /** @param hearer of what is reported, now and then; must not wait */
    Heartbeat(ActivityExecutionContext context, String message, Consumer<String> hearer) {
        this.context = context;
        this.message = message;
        this.hearer = hearer;
        ticks = TICKER.scheduleAtFixedRate(this::tick, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            context.heartbeat(message);
        } catch (ActivityCompletionException told) {
            stopped = told;
        }
        hearer.accept(message);
    }

    @Override
    public void report(String current) {
        message = current;
        var told = stopped;
        if (told != null) {
            throw told;
        }
    }

    @Override
    public void close() {
        ticks.cancel(false);
    }
}
