package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.workflows.environment.DeployStep;
import io.remotegpu.workflows.environment.EngineSteps;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.util.UUID;

/** The engine steps of one host. */
public final class EngineActivities implements EngineSteps {

    private final Drivers drivers;
    private final CredentialSource credentials;
    private final Readiness readiness;

    public EngineActivities(Drivers drivers, CredentialSource credentials, Readiness readiness) {
        this.drivers = drivers;
        this.credentials = credentials;
        this.readiness = readiness;
    }

    @Override
    public void deploy(DeployStep step) {
        try (var heartbeat = heartbeat("deploying")) {
            var driver = drivers.of(step.spec().mode());
            driver.deploy(
                    new Deployment(
                            step.id(),
                            step.owner(),
                            step.spec(),
                            step.gpus(),
                            step.ports(),
                            credentials.credentials(step.id())),
                    heartbeat);
            readiness.await(driver, step.id(), heartbeat);
        } catch (DriverException error) {
            throw EngineFailures.bringingUp(error);
        }
    }

    @Override
    public void stop(UUID id, DeploymentMode mode, Duration grace) {
        try (var _ = heartbeat("stopping")) {
            drivers.of(mode).stop(id, grace);
        } catch (DriverException error) {
            throw EngineFailures.takingDown(error);
        }
    }

    @Override
    public void remove(UUID id, DeploymentMode mode) {
        try (var _ = heartbeat("removing")) {
            drivers.of(mode).remove(id);
        } catch (DriverException error) {
            throw EngineFailures.takingDown(error);
        }
    }

    private static Heartbeat heartbeat(String message) {
        return new Heartbeat(Activity.getExecutionContext(), message);
    }
}
