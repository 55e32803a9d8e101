package io.remotegpu.workflows.host;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Brings the hosts that are nodes of one Kubernetes cluster up to date; started by a schedule. */
@WorkflowInterface
public interface SyncNodes {

    /** @param cluster the cluster's name in the settings */
    @WorkflowMethod
    void sync(String cluster);
}
