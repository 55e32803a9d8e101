package io.remotegpu.activities.reconcile;

import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.remotegpu.workflows.reconcile.ReconcileSteps;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.util.concurrent.TimeUnit;

/** Passes and repairs, on a queue of their own. Any number of processes may have it. */
public final class ReconcilerWorker implements AutoCloseable {

    private static final long DRAIN_SECONDS = 10;
    private static final int DATABASE_STEPS = 4;

    private final WorkerFactory factory;

    public ReconcilerWorker(
            WorkflowClient client,
            ReconcileSteps steps,
            EnvironmentRecords records,
            QuotaSteps quota,
            AllocationSteps allocations,
            PortSteps ports) {
        factory = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        var worker = factory.newWorker(
                ReconcilerWorkflows.QUEUE,
                WorkerOptions.newBuilder()
                        .setUsingVirtualThreads(true)
                        .setMaxConcurrentLocalActivityExecutionSize(DATABASE_STEPS)
                        .build());
        worker.registerWorkflowImplementationTypes(ReconcilerWorkflows.implementations());
        worker.registerActivitiesImplementations(steps, records, quota, allocations, ports);
    }

    public void start() {
        factory.start();
    }

    @Override
    public void close() {
        factory.shutdown();
        factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }
}
