package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at GPUs between two users. Part of the step that takes an environment down, which comes before the one that gives its
 * GPUs back: so none is free before it was seen to be clean, and one that is not clean is in error by then.
 */
public final class GpusAfterUse {

    private static final Logger LOG = LoggerFactory.getLogger(GpusAfterUse.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final String hostId;
    private final GpuLook look;
    private final GpuKeeper keeper;
    private final Duration patience;

    /** @param patience how long a GPU may take until it is clean: a driver tidies up after a process for a while */
    public GpusAfterUse(String hostId, GpuLook look, GpuKeeper keeper, Duration patience) {
        this.hostId = hostId;
        this.look = look;
        this.keeper = keeper;
        this.patience = patience;
    }

    /** Of an environment that was taken down. */
    void of(UUID environmentId, Progress progress) {
        var held = keeper.heldBy(hostId, environmentId);
        if (!held.isEmpty()) {
            check(held, progress);
        }
    }

    /** All of the machine, on which nothing runs. */
    void all(Progress progress) {
        check(Set.of(), progress);
    }

    private void check(Collection<String> gpus, Progress progress) {
        try {
            var end = System.nanoTime() + patience.toNanos();
            progress.report("looking whether its GPUs are clean");
            Map<String, String> notClean = look.notClean(gpus);
            while (!notClean.isEmpty() && System.nanoTime() < end) {
                progress.report("waiting until its GPUs are clean");
                Thread.sleep(PAUSE);
                notClean = look.notClean(gpus);
            }
            if (!notClean.isEmpty()) {
                LOG.warn("GPUs are given to nobody: {}", notClean);
                keeper.putInError(hostId, notClean);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineFailures.interrupted();
        }
    }
}
