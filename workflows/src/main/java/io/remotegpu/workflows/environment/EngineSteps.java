package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.util.UUID;

/**
 * What a host's engine does for an environment. Regular, heartbeating activities on the host's own queue; idempotent by
 * the id. A failure's type is an {@link io.remotegpu.drivers.spi.ErrorKind} or {@link FailureReason#NOT_READY}.
 */
@ActivityInterface(namePrefix = "Engine_")
public interface EngineSteps {

    /** Brings the environment up and returns when every service answers. Reads the secrets by id. */
    void deploy(DeployStep step);

    /** Compute is gone, data stays. */
    void stop(UUID id, DeploymentMode mode, Duration grace);

    /** Compute, data and every trace are gone. */
    void remove(UUID id, DeploymentMode mode);

    /** Reads the end of the environment's log and keeps it in place of what was kept before; without compute, nothing. */
    void captureLog(UUID id, DeploymentMode mode);
}
