package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.workflows.idle.ActivitySampling;
import io.remotegpu.workflows.idle.Look;
import io.remotegpu.workflows.idle.Seen;
import io.temporal.activity.Activity;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What one host sees of the use of its environments. */
public final class ActivitySampler implements ActivitySampling {

    /** A look takes about a second, most of which it waits; but it starts a process inside. */
    private static final int AT_ONCE = 8;

    private final Drivers drivers;

    public ActivitySampler(Drivers drivers) {
        this.drivers = drivers;
    }

    @Override
    public List<Seen> sample(List<Look.Target> targets) {
        try (var _ = new Heartbeat(Activity.getExecutionContext(), "looking at who uses what");
                var threads =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<Seen>> looks = targets.stream()
                    .map(target -> threads.submit(() -> look(target)))
                    .toList();
            return looks.stream().map(ActivitySampler::answer).toList();
        }
    }

    private Seen look(Look.Target target) {
        try {
            return drivers.of(target.mode()) instanceof EnvironmentActivity seeing
                    ? Seen.of(target.id(), seeing.activity(target.id()))
                    : Seen.nothing(target.id(), target.mode().wireName() + " cannot tell who uses an environment");
        } catch (DriverException error) {
            return Seen.nothing(target.id(), String.valueOf(error.getMessage()));
        }
    }

    private static Seen answer(Future<Seen> look) {
        try {
            return look.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineFailures.interrupted();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
    }
}
