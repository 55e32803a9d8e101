package io.remotegpu.workflows.reconcile;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Brings one environment to a true resting state. Has the environment's own workflow id, so that Temporal itself keeps it
 * apart from every operation: it cannot begin while one runs, and none begins while it runs.
 */
@WorkflowInterface
public interface RepairEnvironment {

    /** @return whether it was still due, and done */
    @WorkflowMethod
    boolean repair(Repair repair);
}
