package io.remotegpu.workflows;

import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** What the calls of steps have in common, whichever workflow makes them. */
public final class StepCalls {

    /** How long an environment's processes may take to end before they are killed. */
    public static final Duration GRACE = Duration.ofSeconds(10);

    /** Within this a dead host is noticed by those who wait for one of its steps. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /**
     * Within this what a dead worker had in its hands is given to another one. A step may take longer: while it does, its
     * worker says so.
     */
    public static final Duration IN_HAND = Duration.ofSeconds(5);

    public static final RetryOptions UNTIL_IT_WORKS = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofMillis(200))
            .setBackoffCoefficient(2)
            .setMaximumInterval(Duration.ofSeconds(15))
            .build();

    private static final LocalActivityOptions DATABASE = LocalActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofSeconds(20))
            // Longer pauses become timers, so that a worker does not hold the workflow while the database is away.
            .setLocalRetryThreshold(Duration.ofSeconds(2))
            // Without a number the SDK never retries a local activity that has no schedule-to-close timeout.
            .setRetryOptions(RetryOptions.newBuilder(UNTIL_IT_WORKS)
                    .setMaximumAttempts(Integer.MAX_VALUE)
                    .build())
            .build();

    /**
     * Short database steps: local activities, tried until they work.
     *
     * @param summary what Temporal's UI says of them
     */
    public static <T> T database(Class<T> activities, String summary) {
        return Workflow.newLocalActivityStub(
                activities,
                LocalActivityOptions.newBuilder(DATABASE).setSummary(summary).build());
    }

    private StepCalls() {}
}
