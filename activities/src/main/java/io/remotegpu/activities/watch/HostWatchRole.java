package io.remotegpu.activities.watch;

import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.host.HostSteps;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.WatchHosts;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleUpdate;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** Has hosts looked at from time to time, by whichever process with this role is there. */
final class HostWatchRole implements SmartLifecycle {

    private static final long DRAIN_SECONDS = 10;
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
        var schedules = ScheduleClient.newInstance(
                temporal.getWorkflowServiceStubs(),
                ScheduleClientOptions.newBuilder()
                        .setNamespace(temporal.getOptions().getNamespace())
                        .build());
        var schedule = schedule(settings.every());
        try {
            schedules.createSchedule(
                    HostWorkflows.WATCH_SCHEDULE,
                    schedule,
                    ScheduleOptions.newBuilder().build());
        } catch (ScheduleAlreadyRunningException there) {
            schedules.getHandle(HostWorkflows.WATCH_SCHEDULE).update(_ -> new ScheduleUpdate(schedule));
        }
    }

    private static Schedule schedule(Duration every) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(WatchHosts.class)
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(HostWorkflows.WATCH_SCHEDULE)
                                .setTaskQueue(TaskQueues.HOSTS)
                                .build())
                        .build())
                .setSpec(ScheduleSpec.newBuilder()
                        .setIntervals(List.of(new ScheduleIntervalSpec(every)))
                        .build())
                .setPolicy(SchedulePolicy.newBuilder()
                        .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                        // What was missed while nobody was there is not made up for.
                        .setCatchupWindow(Duration.ofSeconds(10))
                        .build())
                .build();
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
