package io.remotegpu.db.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an environment stands in the rows.
 *
 * @param hostId where it runs, or last ran
 * @param operationId its last operation
 * @param open whether that has not ended
 * @param rested whether none is open, and the last one ended before the moment that was asked for
 */
public record Standing(
        UUID id,
        EnvironmentStatus status,
        DeploymentMode mode,
        @Nullable String hostId,
        boolean hasData,
        @Nullable String operationId,
        @Nullable OperationKind operationKind,
        boolean open,
        boolean rested) {}
