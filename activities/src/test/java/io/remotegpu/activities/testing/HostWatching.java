package io.remotegpu.activities.testing;

import io.remotegpu.activities.watch.HostWatchActivities;
import io.remotegpu.activities.watch.HostWatchSettings;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.environment.Interventions;
import io.remotegpu.db.host.DrainedEnvironments;
import io.remotegpu.db.host.HostWatch;
import io.remotegpu.db.user.DeactivatedEnvironments;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.host.HostWorkflows;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The watch over hosts of an installation, which looks when the test says so. */
public final class HostWatching implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 90;

    private final Installation installation;
    private final HostWatchActivities steps;
    private final WorkerFactory workers;

    public HostWatching(Installation installation) {
        this.installation = installation;
        steps = new HostWatchActivities(
                installation.client(),
                installation.bean(HostWatch.class),
                installation.bean(HostLosses.class),
                installation.bean(DrainedEnvironments.class),
                installation.bean(DeactivatedEnvironments.class),
                installation.bean(Interventions.class),
                new HostWatchSettings(Duration.ofSeconds(40), Duration.ofSeconds(10)),
                Installation.SETTINGS);
        workers = WorkerFactory.newInstance(installation.client());
        var worker = workers.newWorker(TaskQueues.HOSTS);
        worker.registerWorkflowImplementationTypes(HostWorkflows.watching());
        worker.registerActivitiesImplementations(steps);
        workers.start();
    }

    /** What was done. */
    public List<String> look() {
        return steps.watch();
    }

    /** Returns as soon as that is so. */
    public void await(BooleanSupplier condition) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come to that within " + PATIENCE_SECONDS + " s");
            }
            pause();
        }
    }

    public void terminate(String hostId) {
        try {
            stub(hostId).terminate("the test is over");
        } catch (WorkflowNotFoundException over) {
            // As it should be.
        }
    }

    private WorkflowStub stub(String hostId) {
        return installation.client().newUntypedWorkflowStub(HostWorkflows.loseWorkflowId(hostId));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        workers.awaitTermination(10, TimeUnit.SECONDS);
    }
}
