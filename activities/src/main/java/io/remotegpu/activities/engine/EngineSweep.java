package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.workflows.host.SweepSteps;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.util.HashSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what the engines of one host carry, once no step is under way there. */
public final class EngineSweep implements SweepSteps {

    private static final Logger LOG = LoggerFactory.getLogger(EngineSweep.class);

    /** Shorter than the heartbeat timeout: whoever stood still for longer may have been given up, and the host be in use. */
    private static final Duration STILL = Duration.ofSeconds(8);

    private final Drivers drivers;
    private final @Nullable GpusAfterUse gpus;
    private final Predicate<UUID> kept;

    /** Of a machine with engines of its own. */
    public EngineSweep(Drivers drivers, @Nullable GpusAfterUse gpus) {
        this(drivers, gpus, _ -> false);
    }

    /**
     * Of one whose engine other hosts have, too.
     *
     * @param kept whether the environment's place is such a host by now, so that what the engine has of it belongs there
     */
    public EngineSweep(Drivers drivers, @Nullable GpusAfterUse gpus, Predicate<UUID> kept) {
        this.drivers = drivers;
        this.gpus = gpus;
        this.kept = kept;
    }

    @Override
    public int sweep() {
        try (var heartbeat = new Heartbeat(Activity.getExecutionContext(), "waiting for steps that are under way");
                var _ = drivers.alone(heartbeat)) {
            var removed = new HashSet<UUID>();
            for (var driver : drivers.all()) {
                var began = System.nanoTime();
                var left = driver.list();
                if (System.nanoTime() - began > STILL.toNanos()) {
                    throw EngineFailures.interrupted();
                }
                for (var id : left) {
                    if (kept.test(id)) {
                        continue;
                    }
                    heartbeat.report("removing what is left of " + id);
                    LOG.warn("removing what is left of environment {}: this host was declared lost", id);
                    driver.remove(id);
                    removed.add(id);
                }
            }
            if (gpus != null) {
                gpus.all(heartbeat);
            }
            return removed.size();
        } catch (DriverException error) {
            throw EngineFailures.takingDown(error);
        }
    }
}
