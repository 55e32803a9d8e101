package io.remotegpu.workflows.reconcile;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One pass: compares rows, engines and workflows, writes down what differs, and has healed what is safe. */
@WorkflowInterface
public interface Reconcile {

    @WorkflowMethod
    PassReport reconcile();
}
