package io.remotegpu.workflows.host;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One look at all hosts; started by a schedule. */
@WorkflowInterface
public interface WatchHosts {

    @WorkflowMethod
    void watch();
}
