package io.remotegpu.workflows.environment;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Takes an environment's compute and gives its CPU, memory and GPUs back; data and ports stay. */
@WorkflowInterface
public interface StopEnvironment {

    @WorkflowMethod
    void stop(OperationRequest request);

    /** Answers when the operation is under way; fails with a {@link Refusal}, and then nothing has changed. */
    @UpdateMethod(name = EnvironmentWorkflows.ADMIT)
    Admission admit();

    @QueryMethod(name = EnvironmentWorkflows.PROGRESS)
    OperationProgress progress();
}
