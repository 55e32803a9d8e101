package io.remotegpu.chaos.hook;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;

/** Stands around every step, of the database and of engines, of every worker. */
final class TroubledSteps extends WorkerInterceptorBase {

    private final StepScript script;

    TroubledSteps(StepScript script) {
        this.script = script;
    }

    @Override
    public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {

            private @Nullable ActivityInfo step;

            @Override
            public void init(ActivityExecutionContext context) {
                step = context.getInfo();
                super.init(context);
            }

            @Override
            public ActivityOutput execute(ActivityInput input) {
                return step == null ? super.execute(input) : around(step, input);
            }

            private ActivityOutput around(ActivityInfo step, ActivityInput input) {
                var workflow = String.valueOf(step.getWorkflowId());
                script.boundary(workflow, step.getActivityType(), "before");
                if (script.refuses(step.getActivityType())) {
                    script.boundary(workflow, step.getActivityType(), "after");
                    throw ApplicationFailure.newNonRetryableFailure("trial: the step is refused", "INVALID_SPEC");
                }
                var trouble = script.next(workflow, step.getActivityType());
                if (trouble == StepScript.Trouble.STEP_FAILS) {
                    throw failure("failed before it did anything");
                }
                if (trouble == StepScript.Trouble.STEP_TWICE) {
                    super.execute(input);
                }
                if (trouble == StepScript.Trouble.STEP_SLOW) {
                    pause();
                }
                var done = super.execute(input);
                script.boundary(workflow, step.getActivityType(), "after");
                if (trouble == StepScript.Trouble.STEP_ANSWER_LOST) {
                    throw failure("was done, and its answer lost");
                }
                return done;
            }
        };
    }

    /** Of a kind that is tried again, as a database or an engine that is away. */
    private static ApplicationFailure failure(String what) {
        return ApplicationFailure.newFailure("trial: the step " + what, "OUTCOME_UNKNOWN");
    }

    private static void pause() {
        try {
            Thread.sleep(1500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
