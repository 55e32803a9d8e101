package io.remotegpu.workflows.alert;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One look at what somebody should be told of; started by a schedule. */
@WorkflowInterface
public interface EvaluateAlerts {

    @WorkflowMethod
    void evaluate();
}
