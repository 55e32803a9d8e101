package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.workflows.environment.LogSteps;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads on in the logs of one host that somebody follows. Where each reader is, is written down with what they get; so nothing
 * is to be remembered here, and two attempts at the same time do not hand anything over twice.
 */
public final class LogFollower implements LogSteps {

    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);

    private static final int AT_ONCE = 8;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** While there is much to read. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(200);

    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Drivers drivers;
    private final LogStore logs;

    public LogFollower(Drivers drivers, LogStore logs) {
        this.drivers = drivers;
        this.logs = logs;
    }

    @Override
    public void follow(String hostId) {
        try (var heartbeat = new Heartbeat(Activity.getExecutionContext(), "looking who follows");
                var threads =
                        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            try {
                follow(hostId, heartbeat, threads);
            } finally {
                threads.shutdownNow();
            }
        } catch (DriverException error) {
            throw EngineFailures.bringingUp(error);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineFailures.interrupted();
        }
    }

    private void follow(String hostId, Heartbeat heartbeat, ExecutorService threads) throws InterruptedException {
        Set<UUID> underWay = ConcurrentHashMap.newKeySet();
        Set<UUID> failing = ConcurrentHashMap.newKeySet();
        var much = new AtomicBoolean();
        var wanted = System.nanoTime();
        while (System.nanoTime() - wanted < LINGER.toNanos()) {
            var followed = logs.followed(hostId);
            heartbeat.report("following " + followed.size() + " logs");
            if (!followed.isEmpty()) {
                wanted = System.nanoTime();
            }
            for (var one : followed) {
                if (one.ready() && underWay.add(one.stream())) {
                    threads.execute(() -> {
                        try {
                            much.compareAndSet(false, readOn(hostId, one, failing));
                        } finally {
                            underWay.remove(one.stream());
                        }
                    });
                }
            }
            Thread.sleep(much.getAndSet(false) ? SHORT_PAUSE : PAUSE);
        }
    }

    /** Whether there may be more at once. One log that cannot be read now does not keep others back. */
    private boolean readOn(String hostId, LogStore.Followed followed, Set<UUID> failing) {
        try {
            if (!(drivers.of(followed.mode()) instanceof EnvironmentLogs reader)) {
                return false;
            }
            var part = reader.logsAfter(followed.environmentId(), followed.position(), followed.tail());
            if (!part.position().equals(followed.position())) {
                logs.offer(hostId, followed, part);
            }
            failing.remove(followed.stream());
            return isMuch(part);
        } catch (RuntimeException failure) {
            if (!Thread.currentThread().isInterrupted() && failing.add(followed.stream())) {
                LOG.warn("the log of environment {} cannot be read on now", followed.environmentId(), failure);
            }
            return false;
        }
    }

    private static boolean isMuch(LogPart part) {
        return part.lines().stream().mapToInt(String::length).sum() > EnvironmentLogs.MOST_BYTES_OF_PART / 2;
    }
}
