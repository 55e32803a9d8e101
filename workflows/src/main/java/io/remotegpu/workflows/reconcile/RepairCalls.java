package io.remotegpu.workflows.reconcile;

import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EngineSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** How a pass and its repairs call steps: timeouts, retries, and what Temporal's UI says of them. */
final class RepairCalls {

    /** How long processes may take to end before they are killed. */
    static final Duration GRACE = Duration.ofSeconds(10);

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final Duration PICK_UP = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration TAKE_DOWN = Duration.ofMinutes(10);

    private static final RetryOptions ONCE =
            RetryOptions.newBuilder().setMaximumAttempts(1).build();
    private static final RetryOptions UNTIL_IT_WORKS = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofMillis(200))
            .setBackoffCoefficient(2)
            .setMaximumInterval(Duration.ofSeconds(15))
            .build();

    static ReconcileSteps steps(String summary) {
        return database(ReconcileSteps.class, summary);
    }

    static EnvironmentRecords records(String summary) {
        return database(EnvironmentRecords.class, summary);
    }

    static QuotaSteps quota(String summary) {
        return database(QuotaSteps.class, summary);
    }

    static AllocationSteps allocations(String summary) {
        return database(AllocationSteps.class, summary);
    }

    static PortSteps ports(String summary) {
        return database(PortSteps.class, summary);
    }

    private static <T> T database(Class<T> activities, String summary) {
        return Workflow.newLocalActivityStub(
                activities,
                LocalActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofSeconds(20))
                        .setLocalRetryThreshold(Duration.ofSeconds(2))
                        .setRetryOptions(RetryOptions.newBuilder(UNTIL_IT_WORKS)
                                .setMaximumAttempts(Integer.MAX_VALUE)
                                .build())
                        .setSummary(summary)
                        .build());
    }

    /** Asks Temporal about many workflows: too long for a local activity. */
    static ReconcileSteps regular(String summary) {
        return Workflow.newActivityStub(
                ReconcileSteps.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(LOOK)
                        .setRetryOptions(RetryOptions.newBuilder(UNTIL_IT_WORKS)
                                .setMaximumAttempts(3)
                                .build())
                        .setSummary(summary)
                        .build());
    }

    /** Not retried: what cannot be seen now is unknown, and the next pass comes soon. */
    static EngineInventory look(String hostId) {
        return Workflow.newActivityStub(
                EngineInventory.class,
                engine(hostId, "look at the engines")
                        .setScheduleToStartTimeout(PICK_UP)
                        .setStartToCloseTimeout(LOOK)
                        .setRetryOptions(ONCE)
                        .build());
    }

    /** Given up when the host does not take it up or the engine refuses: a later pass comes again. */
    static EngineSteps soon(String hostId, String summary) {
        return Workflow.newActivityStub(
                EngineSteps.class,
                engine(hostId, summary)
                        .setScheduleToStartTimeout(PICK_UP)
                        .setStartToCloseTimeout(TAKE_DOWN)
                        .setRetryOptions(ONCE)
                        .build());
    }

    /** Within an operation: waits for the host however long it takes, because what it holds cannot be given to others. */
    static EngineSteps persistently(String hostId, String summary) {
        return Workflow.newActivityStub(
                EngineSteps.class,
                engine(hostId, summary)
                        .setStartToCloseTimeout(TAKE_DOWN)
                        .setRetryOptions(UNTIL_IT_WORKS)
                        .build());
    }

    private static ActivityOptions.Builder engine(String hostId, String summary) {
        return ActivityOptions.newBuilder()
                .setTaskQueue(TaskQueues.ofHost(hostId))
                .setHeartbeatTimeout(HEARTBEAT)
                .setSummary(summary + " on " + hostId);
    }

    private RepairCalls() {}
}
