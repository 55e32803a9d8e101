package io.remotegpu.activities.worker;

import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import java.util.concurrent.TimeUnit;

/** Work beside people's operations, on a queue of its own. Any number of processes may have the same. */
public final class QueueWorker implements AutoCloseable {

    private static final long DRAIN_SECONDS = 10;
    private static final int STEPS = 32;
    private static final int DATABASE_STEPS = 4;

    /**
     * The fewest that the SDK allows: one of them is for workflows that are remembered here. More long polls would cost the
     * server more than the work itself.
     */
    private static final int WORKFLOW_POLLERS = 2;

    private final WorkerFactory factory;

    public QueueWorker(WorkflowClient temporal, String queue, Class<?>[] workflows, Object... steps) {
        factory = WorkflowWorkers.factory(temporal);
        var worker = factory.newWorker(
                queue,
                WorkflowWorkers.options()
                        .setMaxConcurrentActivityExecutionSize(STEPS)
                        .setMaxConcurrentLocalActivityExecutionSize(DATABASE_STEPS)
                        .setMaxConcurrentWorkflowTaskPollers(WORKFLOW_POLLERS)
                        .setMaxConcurrentActivityTaskPollers(1)
                        .build());
        worker.registerWorkflowImplementationTypes(workflows);
        worker.registerActivitiesImplementations(steps);
    }

    public void start() {
        factory.start();
    }

    /** Steps that are under way are interrupted: another attempt goes on. */
    @Override
    public void close() {
        factory.shutdownNow();
        factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    boolean isRunning() {
        return factory.isStarted() && !factory.isShutdown();
    }
}
