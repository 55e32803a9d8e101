package io.remotegpu.activities.worker;

import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.AdmissionSteps;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.remotegpu.workflows.host.HostWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** The control role: workflows and their database steps. Any number of processes may have it. */
public final class ControlWorker implements SmartLifecycle {

    private static final long DRAIN_SECONDS = 10;

    /**
     * How long a workflow that goes on waits for the worker that remembers it; then any other one reads its history. It
     * may be dead.
     */
    private static final Duration REMEMBERED = Duration.ofSeconds(2);

    private final WorkerFactory factory;

    public ControlWorker(
            WorkflowClient client,
            AdmissionSteps admissions,
            EnvironmentRecords records,
            QuotaSteps quota,
            AllocationSteps allocations,
            PortSteps ports,
            WorkerSettings settings) {
        factory = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        var worker = factory.newWorker(
                TaskQueues.CONTROL,
                WorkerOptions.newBuilder()
                        .setUsingVirtualThreads(true)
                        .setStickyQueueScheduleToStartTimeout(REMEMBERED)
                        .setMaxConcurrentLocalActivityExecutionSize(settings.concurrentDatabaseSteps())
                        .build());
        worker.registerWorkflowImplementationTypes(EnvironmentWorkflows.implementations());
        worker.registerWorkflowImplementationTypes(HostWorkflows.implementations());
        worker.registerActivitiesImplementations(admissions, records, quota, allocations, ports);
    }

    @Override
    public void start() {
        factory.start();
    }

    @Override
    public void stop() {
        factory.shutdown();
        factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public boolean isRunning() {
        return factory.isStarted() && !factory.isShutdown();
    }
}
