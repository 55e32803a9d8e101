package io.remotegpu.activities.worker;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.StopEnvironment;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import java.util.UUID;

/** Stops that no user asked for; the environment's one workflow id lets only one operation run on it. */
public final class AutomaticStops {

    private final WorkflowClient temporal;

    public AutomaticStops(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    /** What is stopped. */
    public record Running(UUID id, String name, String owner, DeploymentMode mode, String hostId) {}

    /** False when another operation runs on it: then it is looked at again. */
    public boolean begin(Running environment, OperationRequest request) {
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
        try {
            WorkflowClient.start(stop::stop, request);
            return true;
        } catch (WorkflowExecutionAlreadyStarted running) {
            return false;
        }
    }
}
