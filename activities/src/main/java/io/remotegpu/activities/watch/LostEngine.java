package io.remotegpu.activities.watch;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.workflows.environment.DeployStep;
import io.remotegpu.workflows.environment.EngineSteps;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Answers the steps that wait for a host which was declared lost, as if it were there and empty: what was to be taken down
 * is gone, and nothing can be brought up. Should the host come back with something after all, that is swept.
 */
final class LostEngine implements EngineSteps {

    private final String hostId;
    private final BooleanSupplier lost;

    /** @param lost whether that is still so; asked at every step, because only then the answers are true */
    LostEngine(String hostId, BooleanSupplier lost) {
        this.hostId = hostId;
        this.lost = lost;
    }

    @Override
    public void deploy(DeployStep step) {
        check();
        throw ApplicationFailure.newNonRetryableFailure(
                "host " + hostId + " was declared lost", ErrorKind.NO_CAPACITY.name());
    }

    @Override
    public void stop(UUID id, DeploymentMode mode, Duration grace) {
        check();
    }

    @Override
    public void remove(UUID id, DeploymentMode mode) {
        check();
    }

    @Override
    public void captureLog(UUID id, DeploymentMode mode) {
        check();
        throw ApplicationFailure.newNonRetryableFailure(
                "host " + hostId + " was declared lost, and its logs with it", ErrorKind.UNSUPPORTED.name());
    }

    private void check() {
        if (!lost.getAsBoolean()) {
            throw ApplicationFailure.newFailure(
                    "host " + hostId + " is there again, and carries its steps out itself",
                    ErrorKind.ENGINE_UNAVAILABLE.name());
        }
    }
}
