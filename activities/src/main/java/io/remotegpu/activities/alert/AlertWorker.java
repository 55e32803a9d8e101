package io.remotegpu.activities.alert;

import io.remotegpu.workflows.alert.AlertSteps;
import io.remotegpu.workflows.alert.AlertWorkflows;
import io.remotegpu.workflows.alert.DeliverySteps;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.util.concurrent.TimeUnit;

/** Looks and deliveries, on a queue of their own. Any number of processes may have it. */
final class AlertWorker implements AutoCloseable {

    private static final long DRAIN_SECONDS = 10;

    /** The fewest that the SDK allows: one of them is for workflows that are remembered here. */
    private static final int WORKFLOW_POLLERS = 2;

    /** At once: a target that does not answer keeps one busy for ten seconds, and once it failed, no more than one. */
    private static final int DELIVERIES = 32;

    private final WorkerFactory factory;

    AlertWorker(WorkflowClient temporal, AlertSteps steps, DeliverySteps deliveries) {
        factory = WorkerFactory.newInstance(
                temporal,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        var worker = factory.newWorker(
                AlertWorkflows.QUEUE,
                WorkerOptions.newBuilder()
                        .setUsingVirtualThreads(true)
                        .setMaxConcurrentActivityExecutionSize(DELIVERIES)
                        .setMaxConcurrentWorkflowTaskPollers(WORKFLOW_POLLERS)
                        .setMaxConcurrentActivityTaskPollers(1)
                        .build());
        worker.registerWorkflowImplementationTypes(AlertWorkflows.implementations());
        worker.registerActivitiesImplementations(steps, deliveries);
    }

    void start() {
        factory.start();
    }

    @Override
    public void close() {
        factory.shutdownNow();
        factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }
}
