package io.remotegpu.activities.alert;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.workflows.alert.AlertSteps;
import io.remotegpu.workflows.alert.AlertWorkflows;
import io.remotegpu.workflows.alert.DeliverySteps;
import io.remotegpu.workflows.alert.EvaluateAlerts;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** Has the rules looked at from time to time, and people told, by whichever process with this role is there. */
final class AlertRole implements SmartLifecycle {

    private static final long DRAIN_SECONDS = 10;
    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    /** The fewest that the SDK allows: one of them is for workflows that are remembered here. */
    private static final int WORKFLOW_POLLERS = 2;

    /** At once: a target that does not answer keeps one busy for ten seconds, and only one of its own. */
    private static final int DELIVERIES = 32;

    private final WorkflowClient temporal;
    private final Duration every;
    private final WorkerFactory factory;

    AlertRole(WorkflowClient temporal, AlertSteps steps, DeliverySteps deliveries, Duration every) {
        this.temporal = temporal;
        this.every = every;
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

    @Override
    public void start() {
        factory.start();
        IntervalSchedules.ensure(
                temporal,
                AlertWorkflows.SCHEDULE,
                IntervalSchedules.every(
                        every, AlertWorkflows.SCHEDULE, EvaluateAlerts.class, AlertWorkflows.QUEUE, CATCH_UP),
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
