package io.remotegpu.activities.watch;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.host.HostSteps;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.WatchHosts;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** Has hosts looked at from time to time, by whichever process with this role is there. */
final class HostWatchRole implements SmartLifecycle {

    private static final long DRAIN_SECONDS = 10;
    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    /** The fewest that the SDK allows: one of them is for workflows that are remembered here. */
    private static final int WORKFLOW_POLLERS = 2;

    private final WorkflowClient temporal;
    private final HostWatchSettings settings;
    private final WorkerFactory factory;

    HostWatchRole(WorkflowClient temporal, HostSteps steps, HostWatchSettings settings) {
        this.temporal = temporal;
        this.settings = settings;
        factory = WorkerFactory.newInstance(
                temporal,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        // Few and slow: more long polls would cost the server more than the work itself.
        var worker = factory.newWorker(
                TaskQueues.HOSTS,
                WorkerOptions.newBuilder()
                        .setUsingVirtualThreads(true)
                        .setMaxConcurrentWorkflowTaskPollers(WORKFLOW_POLLERS)
                        .setMaxConcurrentActivityTaskPollers(1)
                        .build());
        worker.registerWorkflowImplementationTypes(HostWorkflows.watching());
        worker.registerActivitiesImplementations(steps);
    }

    @Override
    public void start() {
        factory.start();
        IntervalSchedules.ensure(
                temporal,
                HostWorkflows.WATCH_SCHEDULE,
                IntervalSchedules.every(
                        settings.every(), HostWorkflows.WATCH_SCHEDULE, WatchHosts.class, TaskQueues.HOSTS, CATCH_UP),
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
