package io.remotegpu.workflows.alert;

import io.remotegpu.workflows.StepCalls;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Public for the SDK, which constructs it; nobody else may. */
public final class EvaluateAlertsImpl implements EvaluateAlerts {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public void evaluate() {
        // Not retried: the schedule comes again soon, and what it would find then is newer.
        var notices = Workflow.newLocalActivityStub(
                        AlertSteps.class,
                        LocalActivityOptions.newBuilder()
                                .setStartToCloseTimeout(PATIENCE)
                                .setRetryOptions(RetryOptions.newBuilder()
                                        .setMaximumAttempts(1)
                                        .build())
                                .setSummary("compare the rules with the rows")
                                .build())
                .look();
        if (notices.isEmpty()) {
            return;
        }
        notices.forEach(EvaluateAlertsImpl::begin);
        // Should this get lost, they are begun once more, and found to have been.
        StepCalls.database(AlertSteps.class, "each has its workflow").handedOut(notices);
    }

    private static void begin(Notice notice) {
        var child = Workflow.newChildWorkflowStub(
                DeliverAlert.class,
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(notice.id())
                        // It goes on for as long as its target needs.
                        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                        .setStaticSummary(
                                "tell " + notice.target() + " that alert " + notice.alertId() + " is " + notice.state())
                        .build());
        Async.function(child::deliver, notice);
        try {
            Workflow.getWorkflowExecution(child).get();
        } catch (ChildWorkflowFailure begun) {
            // As it should be.
        }
    }
}
