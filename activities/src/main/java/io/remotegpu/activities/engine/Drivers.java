package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentGuards;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** The drivers of one host: the only place where a mode chooses code. */
public final class Drivers {

    private static final long PATIENCE_MILLIS = 200;

    private final Map<DeploymentMode, EnvironmentDriver> byMode;
    private final ReadWriteLock turns = new ReentrantReadWriteLock(true);

    /** Until it is closed, by whoever took it. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    public Drivers(Map<DeploymentMode, EnvironmentDriver> byMode) {
        this.byMode = Map.copyOf(byMode);
    }

    /** The driver of that mode; {@link ErrorKind#UNSUPPORTED} when the host has none. */
    EnvironmentDriver of(DeploymentMode mode) {
        var driver = byMode.get(mode);
        if (driver == null) {
            throw new DriverException(
                    ErrorKind.UNSUPPORTED, "this host has no driver for " + mode.wireName() + " environments");
        }
        return driver;
    }

    Collection<EnvironmentDriver> all() {
        return byMode.values();
    }

    /**
     * What the engines are to keep environments from and do not, by mode and guard, such as {@code docker.network}; see
     * {@link EnvironmentGuards#unguarded}.
     */
    public Map<String, String> unguarded() {
        var open = new TreeMap<String, String>();
        byMode.forEach((mode, driver) -> {
            if (driver instanceof EnvironmentGuards guards) {
                guards.unguarded().forEach((name, sentence) -> open.put(mode.wireName() + "." + name, sentence));
            }
        });
        return open;
    }

    /** Any number of steps at once, but none beside one that is {@link #alone}. */
    Turn shared() {
        return taken(turns.readLock());
    }

    /** Waits until all steps that are under way have ended, and keeps others waiting. */
    Turn alone(Progress progress) {
        try {
            while (!turns.writeLock().tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.report("waiting for steps that are under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineFailures.interrupted();
        }
        return turns.writeLock()::unlock;
    }

    private static Turn taken(Lock lock) {
        lock.lock();
        return lock::unlock;
    }
}
