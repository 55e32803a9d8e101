package io.remotegpu.activities.watch;

import io.remotegpu.db.host.DrainedEnvironments.Drained;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.StopEnvironment;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.LoseHost;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;

/** Workflows that the watch starts; each one's id lets only one of it run. */
final class WatchedOperations {

    private final WorkflowClient temporal;

    WatchedOperations(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    /** False when it is dealt with already. */
    boolean lose(String hostId) {
        var lose = temporal.newWorkflowStub(
                LoseHost.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(HostWorkflows.loseWorkflowId(hostId))
                        .setTaskQueue(TaskQueues.HOSTS)
                        .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                                .set(SearchAttributes.HOST_ID, hostId)
                                .build())
                        .setStaticSummary("host " + hostId + " was declared lost")
                        .build());
        return started(() -> WorkflowClient.start(lose::lose, hostId));
    }

    /** False when another operation runs on it: then it is looked at again. */
    boolean stop(Drained environment) {
        var stop = temporal.newWorkflowStub(
                StopEnvironment.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(EnvironmentWorkflows.workflowId(environment.id()))
                        .setTaskQueue(TaskQueues.CONTROL)
                        .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                                .set(
                                        SearchAttributes.ENVIRONMENT_ID,
                                        environment.id().toString())
                                .set(SearchAttributes.USER_NAME, environment.owner())
                                .set(
                                        SearchAttributes.DEPLOYMENT_MODE,
                                        environment.mode().wireName())
                                .set(SearchAttributes.ENVIRONMENT_STATUS, EnvironmentStatus.STOPPING.wireName())
                                .set(SearchAttributes.HOST_ID, environment.hostId())
                                .build())
                        .setStaticSummary("stop " + environment.name() + " of " + environment.owner())
                        .build());
        var request = new OperationRequest(environment.id(), "the drain of host " + environment.hostId());
        return started(() -> WorkflowClient.start(stop::stop, request));
    }

    private static boolean started(Runnable start) {
        try {
            start.run();
            return true;
        } catch (WorkflowExecutionAlreadyStarted running) {
            return false;
        }
    }
}
