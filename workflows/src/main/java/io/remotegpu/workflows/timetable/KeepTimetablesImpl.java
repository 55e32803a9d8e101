package io.remotegpu.workflows.timetable;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Public for the SDK, which constructs it; nobody else may. */
public final class KeepTimetablesImpl implements KeepTimetables {

    private static final Duration KEEP = Duration.ofMinutes(2);

    /** The schedule comes again soon, and looks anew. */
    private static final RetryOptions ONCE =
            RetryOptions.newBuilder().setMaximumAttempts(1).build();

    @Override
    public void keep() {
        var done = Workflow.newActivityStub(
                        TimetableSteps.class,
                        ActivityOptions.newBuilder()
                                .setStartToCloseTimeout(KEEP)
                                .setRetryOptions(ONCE)
                                .setSummary("begin what is due")
                                .build())
                .keep();
        if (!done.isEmpty()) {
            Workflow.setCurrentDetails(String.join("\n", done));
        }
    }
}
