package io.remotegpu.activities.worker;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.environment.DeleteEnvironment;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.StartEnvironment;
import io.remotegpu.workflows.environment.StopEnvironment;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Operations that no user asked for; the environment's one workflow id lets only one run on it. */
public final class AutomaticOperations {

    private final WorkflowClient temporal;

    public AutomaticOperations(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    /**
     * What is operated on.
     *
     * @param hostId where it runs, or its data is
     */
    public record Subject(
            UUID id,
            String name,
            String owner,
            DeploymentMode mode,
            @Nullable String hostId) {}

    /** False when another operation runs on it: then it is looked at again. */
    public boolean begin(OperationKind kind, Subject environment, OperationRequest request) {
        try {
            switch (kind) {
                case CREATE -> throw new IllegalArgumentException("nothing is created by itself");
                case START ->
                    WorkflowClient.start(
                            temporal.newWorkflowStub(
                                            StartEnvironment.class,
                                            options(kind, EnvironmentStatus.STARTING, environment))::start,
                            request);
                case STOP ->
                    WorkflowClient.start(
                            temporal.newWorkflowStub(
                                            StopEnvironment.class,
                                            options(kind, EnvironmentStatus.STOPPING, environment))::stop,
                            request);
                case DELETE ->
                    WorkflowClient.start(
                            temporal.newWorkflowStub(
                                            DeleteEnvironment.class,
                                            options(kind, EnvironmentStatus.DELETING, environment))::run,
                            request);
            }
            return true;
        } catch (WorkflowExecutionAlreadyStarted running) {
            return false;
        }
    }

    private static WorkflowOptions options(OperationKind kind, EnvironmentStatus status, Subject environment) {
        var attributes = io.temporal.common.SearchAttributes.newBuilder()
                .set(SearchAttributes.ENVIRONMENT_ID, environment.id().toString())
                .set(SearchAttributes.USER_NAME, environment.owner())
                .set(SearchAttributes.DEPLOYMENT_MODE, environment.mode().wireName())
                .set(SearchAttributes.ENVIRONMENT_STATUS, status.wireName());
        var host = environment.hostId();
        if (host != null) {
            attributes.set(SearchAttributes.HOST_ID, host);
        }
        return EnvironmentWorkflows.options(environment.id())
                .setTypedSearchAttributes(attributes.build())
                .setStaticSummary(kind.wireName() + " " + environment.name() + " of " + environment.owner())
                .build();
    }
}
