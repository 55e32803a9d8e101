package io.remotegpu.workflows.environment;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Brings a stopped environment up again, on the host that has its data, or leaves it as it was. It may wait for room there,
 * and while it does it can be told not to.
 */
@WorkflowInterface
public interface StartEnvironment {

    @WorkflowMethod
    void start(OperationRequest request);

    /** Answers when the operation is under way, or queued for room; fails with a {@link Refusal}, and then nothing has changed. */
    @UpdateMethod(name = EnvironmentWorkflows.ADMIT)
    Admission admit();

    /** It waits no longer: the environment is as it was before. Refused {@code INVALID_STATE} when it does not wait. */
    @UpdateMethod(name = EnvironmentWorkflows.STOP_WAITING)
    Admission stopWaiting(OperationRequest request);

    /** The same, and then deletes the environment: this run continues as {@link DeleteEnvironment}. */
    @UpdateMethod(name = EnvironmentWorkflows.DELETE)
    Admission delete(OperationRequest request);

    /** Its turn may have come, if it waits for capacity. */
    @SignalMethod(name = EnvironmentWorkflows.WAKE)
    void wake();

    @QueryMethod(name = EnvironmentWorkflows.PROGRESS)
    OperationProgress progress();
}
