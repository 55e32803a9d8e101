package io.remotegpu.workflows.environment;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Brings a new environment up, or gives back everything it took.
 *
 * <p>Started with update-with-start of {@link #admit}, so that the caller learns at once whether it was refused.
 */
@WorkflowInterface
public interface CreateEnvironment {

    @WorkflowMethod
    void create(CreateRequest request);

    /** Answers when quota, host, GPUs and ports are held, or when it is queued for them; fails with a {@link Refusal}, and then nothing is stored. */
    @UpdateMethod(name = EnvironmentWorkflows.ADMIT)
    Admission admit();

    /** Deletes the environment while it is still being created: the create is rolled back, then deleted. */
    @UpdateMethod(name = EnvironmentWorkflows.DELETE)
    Admission delete(OperationRequest request);

    /** Its turn may have come, if it waits for capacity. */
    @SignalMethod(name = EnvironmentWorkflows.WAKE)
    void wake();

    @QueryMethod(name = EnvironmentWorkflows.PROGRESS)
    OperationProgress progress();
}
