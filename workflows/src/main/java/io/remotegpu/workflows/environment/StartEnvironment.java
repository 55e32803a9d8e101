package io.remotegpu.workflows.environment;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Brings a stopped environment up again, on the host that has its data, or leaves it as it was. */
@WorkflowInterface
public interface StartEnvironment {

    @WorkflowMethod
    void start(OperationRequest request);

    /** Answers when the operation is under way; fails with a {@link Refusal}, and then nothing has changed. */
    @UpdateMethod(name = EnvironmentWorkflows.ADMIT)
    Admission admit();

    @QueryMethod(name = EnvironmentWorkflows.PROGRESS)
    OperationProgress progress();
}
