package io.remotegpu.drivers.simulated;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A simulated engine that fails as its {@link FaultScript} says: refuses, loses answers, hangs, does things twice, is
 * slow, and lies about what it sees. For trials only. Thread-safe.
 */
public final class UnreliableDriver implements EnvironmentDriver, EnvironmentLogs, EnvironmentActivity {

    /** Longer than it takes to be missed, shorter than anybody gives up. */
    private static final Duration HANGS = Duration.ofSeconds(12);

    private static final Duration SLOW = Duration.ofSeconds(2);

    private final SimulatedDriver driver;
    private final FaultScript script;

    public UnreliableDriver(SimulatedDriver driver, FaultScript script) {
        this.driver = driver;
        this.script = script;
    }

    @Override
    public void deploy(Deployment deployment, Progress progress) {
        var fault = script.next(DriverCall.DEPLOY, deployment.id());
        if (fault == PlayedFault.PORT_TAKEN && !deployment.ports().isEmpty()) {
            int port = deployment.ports().getFirst().port();
            throw DriverException.portTaken(port, "trial: port " + port + " is said to be in use", null);
        }
        play(fault, () -> {
            driver.deploy(deployment, progress);
            return null;
        });
    }

    @Override
    public void stop(UUID id, Duration grace) {
        play(script.next(DriverCall.STOP, id), () -> {
            driver.stop(id, grace);
            return null;
        });
    }

    @Override
    public void remove(UUID id) {
        play(script.next(DriverCall.REMOVE, id), () -> {
            driver.remove(id);
            return null;
        });
    }

    @Override
    public Observation observe(UUID id) {
        var fault = script.next(DriverCall.OBSERVE, id);
        if (fault == PlayedFault.WRONG_ANSWER) {
            return driver.observe(id).state() == Observation.State.RUNNING
                    ? Observation.absent()
                    : Observation.failed("trial: said to have failed");
        }
        return play(fault, () -> driver.observe(id));
    }

    @Override
    public Set<UUID> list() {
        var fault = script.next(DriverCall.LIST, null);
        var ids = play(fault, driver::list);
        if (fault == PlayedFault.WRONG_ANSWER) {
            var wrong = new HashSet<>(ids);
            ids.stream().min(UUID::compareTo).ifPresent(wrong::remove);
            return Set.copyOf(wrong);
        }
        return ids;
    }

    @Override
    public List<String> logs(UUID id, int tail) {
        return driver.logs(id, tail);
    }

    @Override
    public LogPart logsAfter(UUID id, @Nullable String position, int tail) {
        return driver.logsAfter(id, position, tail);
    }

    @Override
    public Activity activity(UUID id) {
        return driver.activity(id);
    }

    private static <T extends @Nullable Object> T play(@Nullable PlayedFault fault, Supplier<T> call) {
        if (fault == null) {
            return call.get();
        }
        return switch (fault) {
            case UNAVAILABLE -> throw new DriverException(ErrorKind.ENGINE_UNAVAILABLE, "trial: not reached");
            case NO_CAPACITY -> throw new DriverException(ErrorKind.NO_CAPACITY, "trial: no room after all");
            case REFUSED -> throw new DriverException(ErrorKind.PERMISSION_DENIED, "trial: refused");
            case LOST_ANSWER -> {
                var _ = call.get();
                throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "trial: done, and the answer lost");
            }
            case TIMEOUT -> {
                pause(HANGS);
                throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "trial: no answer in time");
            }
            case TWICE -> {
                var _ = call.get();
                yield call.get();
            }
            case SLOW -> {
                pause(SLOW);
                yield call.get();
            }
            case PORT_TAKEN, WRONG_ANSWER -> call.get();
        };
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "trial: interrupted", e);
        }
    }
}
