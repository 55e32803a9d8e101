package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.workflows.host.SweepSteps;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.util.HashSet;
import java.util.UUID;
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

    /** Of a host whose GPUs are not looked at. */
    public EngineSweep(Drivers drivers) {
        this(drivers, null);
    }

    public EngineSweep(Drivers drivers, @Nullable GpusAfterUse gpus) {
        this.drivers = drivers;
        this.gpus = gpus;
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
