package io.remotegpu.activities.idle;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.db.idle.IdleSettings;
import io.remotegpu.workflows.idle.IdleSteps;
import io.remotegpu.workflows.idle.IdleWorkflows;
import io.remotegpu.workflows.idle.WatchIdleness;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** Has looked at who uses what from time to time, by whichever process with this role is there. */
final class IdleRole implements SmartLifecycle {

    private static final long DRAIN_SECONDS = 10;
    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(10);
    /** The fewest that the SDK allows: one of them is for workflows that are remembered here. */
    private static final int WORKFLOW_POLLERS = 2;

    private final WorkflowClient temporal;
    private final IdleSettings settings;
    private final WorkerFactory factory;

    IdleRole(WorkflowClient temporal, IdleSteps steps, IdleSettings settings) {
        this.temporal = temporal;
        this.settings = settings;
        factory = WorkerFactory.newInstance(
                temporal,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        var worker = factory.newWorker(
                IdleWorkflows.QUEUE,
                WorkerOptions.newBuilder()
                        .setUsingVirtualThreads(true)
                        .setMaxConcurrentWorkflowTaskPollers(WORKFLOW_POLLERS)
                        .setMaxConcurrentActivityTaskPollers(1)
                        .build());
        worker.registerWorkflowImplementationTypes(IdleWorkflows.implementations());
        worker.registerActivitiesImplementations(steps);
    }

    @Override
    public void start() {
        factory.start();
        IntervalSchedules.ensure(
                temporal,
                IdleWorkflows.SCHEDULE,
                IntervalSchedules.every(
                        settings.every(), IdleWorkflows.SCHEDULE, WatchIdleness.class, IdleWorkflows.QUEUE, CATCH_UP),
                false);
    }

    @Override
    public void stop() {
        factory.shutdownNow();
        factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public boolean isRunning() {
        return factory.isStarted() && !factory.isShutdown();
    }
}
