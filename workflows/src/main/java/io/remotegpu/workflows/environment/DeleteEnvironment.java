package io.remotegpu.workflows.environment;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Removes an environment and gives everything back. Retries without end: a delete that was admitted is never given up.
 *
 * <p>Started with update-with-start of {@link #delete} under the policy "use existing": the same call reaches a running
 * {@link CreateEnvironment}, which rolls back and continues as this workflow, and a running delete, which answers again.
 */
@WorkflowInterface
public interface DeleteEnvironment {

    @WorkflowMethod(name = "DeleteEnvironment")
    void run(OperationRequest request);

    /** Answers when the delete is under way; fails with a {@link Refusal}, and then nothing has changed. */
    @UpdateMethod(name = EnvironmentWorkflows.DELETE)
    Admission delete(OperationRequest request);

    @QueryMethod(name = EnvironmentWorkflows.PROGRESS)
    OperationProgress progress();
}
