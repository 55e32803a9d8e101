package io.remotegpu.workflows.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a pass found safe to heal, as it looked then; looked at again before anything is done.
 *
 * @param findingId the finding that it is for
 * @param hostId on which the engine is asked; absent where no engine has anything
 * @param operationId the environment's last operation at that time; another one by now means that it moved meanwhile
 * @param reason what is wrong, in words a user can act on
 */
public record Repair(
        RepairKind kind,
        long findingId,
        UUID environmentId,
        @Nullable String hostId,
        DeploymentMode mode,
        @Nullable String operationId,
        String reason) {}
