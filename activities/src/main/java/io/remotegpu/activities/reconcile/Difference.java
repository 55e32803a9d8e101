package io.remotegpu.activities.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.workflows.reconcile.RepairKind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something on which engine and rows differ.
 *
 * @param operationId the environment's last operation
 * @param repair what heals it; nothing is done without
 */
record Difference(
        Check check,
        UUID environmentId,
        DeploymentMode mode,
        @Nullable String operationId,
        String found,
        @Nullable RepairKind repair) {}
