package io.remotegpu.workflows.environment;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Has a host read on in the logs that somebody follows, for as long as there is one: one workflow and one step for all of a
 * host's, however many follow and however long. Ends a while after the last has gone; fails when the host does not take it up.
 * Who still follows starts it again. The lines are in no payload, because programs write secrets into logs.
 */
@WorkflowInterface
public interface FollowLogs {

    @WorkflowMethod
    void follow(String hostId);
}
