package io.remotegpu.workflows.host;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Makes an administrator's word true that a host is gone for good: its environments fail and what they hold is freed, and
 * every operation that waits for it ends. Then waits for the host, which may come back with what was freed here: that is
 * swept before the host is given anything. Ends when it is swept, or removed from the rows.
 */
@WorkflowInterface
public interface LoseHost {

    @WorkflowMethod
    void lose(String hostId);
}
