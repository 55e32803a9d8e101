package io.remotegpu.workflows.idle;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One look at who uses what runs, and what follows of it; started by a schedule. */
@WorkflowInterface
public interface WatchIdleness {

    @WorkflowMethod
    void watch();
}
