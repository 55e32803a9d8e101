package io.remotegpu.db.environment;

import io.remotegpu.db.timetable.TimetableRows;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is wanted of an environment besides operations: for how long it is kept, when it runs, its size. Each method is one
 * transaction.
 */
@Component
public class EnvironmentWishes {

    private final EnvironmentRepository environments;
    private final OperationRepository operations;
    private final EnvironmentRows rows;
    private final TimetableRows timetables;

    EnvironmentWishes(
            EnvironmentRepository environments,
            OperationRepository operations,
            EnvironmentRows rows,
            TimetableRows timetables) {
        this.environments = environments;
        this.operations = operations;
        this.rows = rows;
        this.timetables = timetables;
    }

    /**
     * Asks that a running environment be kept running for that long from now, however idle it looks; never shortens what
     * was asked before.
     *
     * @throws InvalidStateException when it does not run
     * @throws EnvironmentNotFoundException when there is none
     */
    @Transactional
    public void extend(UUID id, Duration by) {
        var environment = environments.lock(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
        if (environment.status() != EnvironmentStatus.RUNNING) {
            throw new InvalidStateException(
                    environment.status(),
                    null,
                    "environment '" + environment.name() + "' is "
                            + environment.status().wireName() + "; only a running one can be extended");
        }
        rows.extended(id, by);
    }

    /**
     * Changes when it is stopped and started by itself, as one; null leaves a thing as it is.
     *
     * @param idleTimeout of null: its type's default
     * @throws EnvironmentNotFoundException when there is none, or it is deleted
     */
    @Transactional
    public void keep(
            UUID id,
            @Nullable Setting<Duration> idleTimeout,
            @Nullable Boolean isProtected,
            @Nullable UnaryOperator<Timetable> timetable) {
        var _ = environments
                .lock(id)
                .filter(environment -> environment.status() != EnvironmentStatus.DELETED)
                .orElseThrow(() -> new EnvironmentNotFoundException(id));
        if (idleTimeout != null) {
            rows.idleTimeout(id, idleTimeout.value());
        }
        if (isProtected != null) {
            rows.isProtected(id, isProtected);
        }
        if (timetable != null) {
            timetables.write(id, timetable.apply(timetables.of(id)));
        }
    }

    /**
     * Changes what it asks for at its next start; null leaves a thing as it is.
     *
     * @throws InvalidStateException unless it is down: stopped, or failed with its data
     * @throws EnvironmentNotFoundException when there is none, or it is deleted
     */
    @Transactional
    public void resize(UUID id, @Nullable Integer cpu, @Nullable Long memory, @Nullable Integer gpu) {
        var environment = environments
                .lock(id)
                .filter(found -> found.status() != EnvironmentStatus.DELETED)
                .orElseThrow(() -> new EnvironmentNotFoundException(id));
        var down = environment.status() == EnvironmentStatus.STOPPED
                || environment.status() == EnvironmentStatus.FAILED && environment.hasData();
        var open = operations.open(id);
        if (!down || open.isPresent()) {
            throw new InvalidStateException(
                    environment.status(),
                    open.map(Operation::kind).orElse(null),
                    "environment '" + environment.name() + "' is "
                            + environment.status().wireName()
                            + "; its size is changed while it is stopped: stop it first");
        }
        int full = gpu == null ? environment.fullGpu() : gpu;
        rows.size(
                id, cpu == null ? environment.cpu() : cpu, memory == null ? environment.memory() : memory, full, full);
    }
}
