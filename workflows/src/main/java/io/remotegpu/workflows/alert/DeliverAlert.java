package io.remotegpu.workflows.alert;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Tells one target one thing, however long it takes it to listen: a target that is away delays no other. */
@WorkflowInterface
public interface DeliverAlert {

    /** @return as {@link DeliverySteps#deliver} */
    @WorkflowMethod
    String deliver(Notice notice);
}
