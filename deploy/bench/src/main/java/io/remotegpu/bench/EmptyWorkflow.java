package io.remotegpu.bench;

import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/** As many steps of each kind as another workflow, none of which does anything: what Temporal itself costs. */
@WorkflowInterface
public interface EmptyWorkflow {

    @WorkflowMethod
    void run(List<StepKind> steps);

    /** Answers when the admission among the steps is reached. */
    @UpdateMethod
    boolean admit();
}
