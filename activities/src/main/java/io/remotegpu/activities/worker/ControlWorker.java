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
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/** The control role: workflows and their database steps. Any number of processes may have it. */
public final class ControlWorker implements SmartLifecycle {

    private static final long DRAIN_SECONDS = 10;

    private final WorkerFactory factory;

    public ControlWorker(
            WorkflowClient client,
            AdmissionSteps admissions,
            EnvironmentRecords records,
            QuotaSteps quota,
            AllocationSteps allocations,
            PortSteps ports,
            WorkerSettings settings) {
        factory = WorkflowWorkers.factory(client);
        var worker = factory.newWorker(
                TaskQueues.CONTROL,
                WorkflowWorkers.options()
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
