package io.remotegpu.activities.reconcile;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.util.UUID;

/** Asks Temporal whether an environment's workflow is open. */
final class OpenWorkflows {

    private final WorkflowClient temporal;

    OpenWorkflows(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    /** Throws when Temporal does not say: only its own word that there is none counts. */
    boolean has(UUID environmentId) {
        try {
            return temporal.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(environmentId))
                            .describe()
                            .getStatus()
                    == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
        } catch (WorkflowNotFoundException none) {
            return false;
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return false;
            }
            throw failure;
        }
    }
}
