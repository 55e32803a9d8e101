package io.remotegpu.workflows.timetable;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One look at what is due to be announced, stopped, started or deleted; started by a schedule. */
@WorkflowInterface
public interface KeepTimetables {

    @WorkflowMethod
    void keep();
}
