package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * One run of create, start, stop or delete.
 *
 * @param id the workflow run that carries it out
 * @param step the step it is at, or ended at
 * @param outcome absent while it is open; at most one of an environment is
 * @param requestedBy a user's name, or a schedule's
 * @param statusBefore the environment's status before it; absent for a create
 * @param compensatingSince since when it gives back what it took; absent for one that never had to
 */
@Table("operations")
public record Operation(
        @Id String id,
        UUID environmentId,
        OperationKind kind,
        String step,
        @Nullable OperationOutcome outcome,
        String requestedBy,
        @Nullable EnvironmentStatus statusBefore,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Instant compensatingSince) {

    /** Whether it gives back what it took, and is not done with that. */
    public boolean compensating() {
        return open() && compensatingSince != null;
    }

    /** The step at which every operation begins. */
    static final String ADMIT = "admit";

    /** The step of waiting for capacity. */
    static final String QUEUE = "queue";

    /** Whether it is still under way. */
    public boolean open() {
        return outcome == null;
    }
}
