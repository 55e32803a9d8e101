package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.workflows.environment.DeployStep;
import io.remotegpu.workflows.environment.EngineSteps;
import io.remotegpu.workflows.reconcile.EngineAnswer;
import io.remotegpu.workflows.reconcile.EngineInventory;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine steps of one host. */
public final class EngineActivities implements EngineSteps, EngineInventory {

    private static final Logger LOG = LoggerFactory.getLogger(EngineActivities.class);
    private static final int MOST_LOG_LINES = 1000;
    private static final String DEPLOYING = "deploying";

    private final Drivers drivers;
    private final CredentialSource credentials;
    private final LogStore logs;
    private final Readiness readiness;
    private final @Nullable GpusAfterUse gpus;

    /** Of a host whose GPUs are not looked at after their use. */
    public EngineActivities(Drivers drivers, CredentialSource credentials, LogStore logs, Readiness readiness) {
        this(drivers, credentials, logs, readiness, null);
    }

    public EngineActivities(
            Drivers drivers,
            CredentialSource credentials,
            LogStore logs,
            Readiness readiness,
            @Nullable GpusAfterUse gpus) {
        this.drivers = drivers;
        this.credentials = credentials;
        this.logs = logs;
        this.readiness = readiness;
        this.gpus = gpus;
    }

    @Override
    public void deploy(DeployStep step) {
        var events = new ProgressEvents(logs, step.id(), DEPLOYING);
        try (var heartbeat = new Heartbeat(Activity.getExecutionContext(), DEPLOYING, events::hear);
                var _ = drivers.shared()) {
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
            awaitServices(driver, step.id(), heartbeat);
        } catch (DriverException error) {
            throw EngineFailures.bringingUp(error);
        }
    }

    /** What does not come up is removed soon, and its log with it; so that is kept first, for its user to read. */
    private void awaitServices(EnvironmentDriver driver, UUID id, Heartbeat heartbeat) {
        try {
            readiness.await(driver, id, heartbeat);
        } catch (ApplicationFailure notReady) {
            try {
                keepLog(driver, id);
            } catch (RuntimeException failure) {
                LOG.warn("the log of environment {}, which did not come up, is lost", id, failure);
            }
            throw notReady;
        }
    }

    @Override
    public void stop(UUID id, DeploymentMode mode, Duration grace) {
        try (var heartbeat = heartbeat("stopping");
                var _ = drivers.shared()) {
            drivers.of(mode).stop(id, grace);
            lookAtGpus(id, heartbeat);
        } catch (DriverException error) {
            throw EngineFailures.takingDown(error);
        }
    }

    @Override
    public void remove(UUID id, DeploymentMode mode) {
        try (var heartbeat = heartbeat("removing");
                var _ = drivers.shared()) {
            drivers.of(mode).remove(id);
            lookAtGpus(id, heartbeat);
        } catch (DriverException error) {
            throw EngineFailures.takingDown(error);
        }
    }

    private void lookAtGpus(UUID id, Heartbeat heartbeat) {
        if (gpus != null) {
            gpus.of(id, heartbeat);
        }
    }

    @Override
    public void captureLog(UUID id, DeploymentMode mode) {
        try (var _ = heartbeat("reading the log")) {
            keepLog(drivers.of(mode), id);
        } catch (DriverException error) {
            throw EngineFailures.bringingUp(error);
        }
    }

    private void keepLog(EnvironmentDriver driver, UUID id) {
        if (!(driver instanceof EnvironmentLogs reader)) {
            throw new DriverException(ErrorKind.UNSUPPORTED, "this kind of environment has no log that could be read");
        }
        logs.keep(id, reader.logs(id, MOST_LOG_LINES));
    }

    @Override
    public List<EngineAnswer> list(Set<DeploymentMode> modes) {
        try (var heartbeat = heartbeat("looking")) {
            return modes.stream().sorted().map(mode -> ask(mode, heartbeat)).toList();
        }
    }

    /** All or nothing: of an engine that fails in the middle nothing is known. */
    private EngineAnswer ask(DeploymentMode mode, Heartbeat heartbeat) {
        try {
            var driver = drivers.of(mode);
            var seen = new ArrayList<EngineAnswer.Seen>();
            for (var id : driver.list()) {
                heartbeat.report("looking at " + id);
                var observation = driver.observe(id);
                seen.add(new EngineAnswer.Seen(id, observation.state(), observation.reason()));
            }
            return new EngineAnswer(mode, seen, null);
        } catch (DriverException unseen) {
            return new EngineAnswer(mode, List.of(), String.valueOf(unseen.getMessage()));
        }
    }

    @Override
    public Observation observe(UUID id, DeploymentMode mode) {
        try (var _ = heartbeat("looking")) {
            return drivers.of(mode).observe(id);
        } catch (DriverException error) {
            throw EngineFailures.bringingUp(error);
        }
    }

    private static Heartbeat heartbeat(String message) {
        return new Heartbeat(Activity.getExecutionContext(), message);
    }
}
