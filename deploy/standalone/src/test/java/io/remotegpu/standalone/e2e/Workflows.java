package io.remotegpu.standalone.e2e;

import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.util.UUID;

/** What Temporal itself says of environments' workflows. */
final class Workflows {

    /** The last run of an environment's workflow; an open one that does not end is an operation that hangs. */
    static void awaitEnd(String temporal, UUID id) {
        var service = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(temporal).build());
        try {
            var stub = WorkflowClient.newInstance(service).newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id));
            Eventually.value(
                    "the workflow of " + id + " ends",
                    () -> stub.describe().getStatus(),
                    status -> status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
        } finally {
            service.shutdownNow();
        }
    }

    private Workflows() {}
}
