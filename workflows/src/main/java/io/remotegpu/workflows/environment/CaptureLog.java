package io.remotegpu.workflows.environment;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Has an environment's host read the end of its log and keep it where the API finds it. Ends when that is done, or fails
 * soon: somebody waits. The lines are in no payload, because programs write secrets into logs.
 */
@WorkflowInterface
public interface CaptureLog {

    @WorkflowMethod
    void capture(LogRequest request);
}
