package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.UUID;

/**
 * Waits until an environment's services answer: that is when its user can connect, not when its container runs.
 *
 * @param timeout how long services may take
 */
public record Readiness(Duration timeout) {

    /** The processors of the host are busy with the very start that is waited for. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    /** Each look connects to every service, which an emulated machine feels: it boots the longer, the more it is asked. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    void await(EnvironmentDriver driver, UUID id, Progress progress) {
        var began = System.nanoTime();
        while (true) {
            var seen = driver.observe(id);
            switch (seen.state()) {
                case RUNNING -> {
                    return;
                }
                case STARTING -> progress.report(reason(seen));
                case FAILED -> throw EngineFailures.notReady(reason(seen));
                case ABSENT, STOPPED ->
                    throw EngineFailures.notReady("the environment went away while its services were starting");
            }
            var waited = Duration.ofNanos(System.nanoTime() - began);
            if (waited.compareTo(timeout) > 0) {
                throw EngineFailures.notReady(
                        "not every service answered within " + timeout.toSeconds() + " s: " + reason(seen));
            }
            sleep(pauseAfter(waited));
        }
    }

    /** A tenth of the time so far: what is ready soon is seen soon, what takes long is not asked all the time. */
    static Duration pauseAfter(Duration waited) {
        var tenth = waited.dividedBy(10);
        if (tenth.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return tenth.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : tenth;
    }

    private static String reason(Observation seen) {
        return seen.reason() == null ? "no reason given" : seen.reason();
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw EngineFailures.interrupted();
        }
    }
}
