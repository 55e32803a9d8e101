package io.remotegpu.workflows.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.OperationKind;
import org.jspecify.annotations.Nullable;

/**
 * A repair that is still due, as the rows say now.
 *
 * @param hostId whose engine has it
 * @param operation of a {@link RepairKind#FINISH}: what was to be done
 * @param failed of a {@link RepairKind#FINISH}: whether the operation had failed already and was being undone
 */
public record Errand(
        @Nullable String hostId,
        DeploymentMode mode,
        @Nullable OperationKind operation,
        boolean failed) {}
