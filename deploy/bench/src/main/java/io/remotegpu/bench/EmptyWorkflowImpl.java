package io.remotegpu.bench;

import io.remotegpu.workflows.SearchAttributes;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;

/** Public for the SDK, which constructs it. Options as in the environment workflows, but for what a step does. */
public final class EmptyWorkflowImpl implements EmptyWorkflow {

    private final CompletablePromise<Boolean> admission = Workflow.newPromise();

    @Override
    public void run(List<StepKind> steps) {
        for (StepKind step : steps) {
            switch (step) {
                case LOCAL_ACTIVITY -> local().nothing();
                case ACTIVITY -> regular().nothingButHeartbeat();
                case SEARCH_ATTRIBUTE ->
                    Workflow.upsertTypedSearchAttributes(SearchAttributes.HOST_ID.valueSet("bench"));
                case ADMISSION -> admission.complete(true);
            }
        }
        Workflow.await(Workflow::isEveryHandlerFinished);
    }

    private static EmptySteps local() {
        return Workflow.newLocalActivityStub(
                EmptySteps.class,
                LocalActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofSeconds(20))
                        .setSummary("nothing")
                        .build());
    }

    private static EmptySteps regular() {
        return Workflow.newActivityStub(
                EmptySteps.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(EmptyWorkers.HOST_QUEUE)
                        .setStartToCloseTimeout(Duration.ofMinutes(60))
                        .setHeartbeatTimeout(Duration.ofSeconds(10))
                        .setSummary("nothing")
                        .build());
    }

    @Override
    public boolean admit() {
        return admission.get();
    }
}
