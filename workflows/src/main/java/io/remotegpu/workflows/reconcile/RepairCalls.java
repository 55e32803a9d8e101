package io.remotegpu.workflows.reconcile;

import io.remotegpu.workflows.StepCalls;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EngineSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** How a pass and its repairs call steps: timeouts, retries, and what Temporal's UI says of them. */
final class RepairCalls {

    private static final Duration PICK_UP = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration TAKE_DOWN = Duration.ofMinutes(10);

    private static final RetryOptions ONCE =
            RetryOptions.newBuilder().setMaximumAttempts(1).build();

    static ReconcileSteps steps(String summary) {
        return StepCalls.database(ReconcileSteps.class, summary);
    }

    static EnvironmentRecords records(String summary) {
        return StepCalls.database(EnvironmentRecords.class, summary);
    }

    static QuotaSteps quota(String summary) {
        return StepCalls.database(QuotaSteps.class, summary);
    }

    static AllocationSteps allocations(String summary) {
        return StepCalls.database(AllocationSteps.class, summary);
    }

    static PortSteps ports(String summary) {
        return StepCalls.database(PortSteps.class, summary);
    }

    /** Asks Temporal about many workflows: too long for a local activity. */
    static ReconcileSteps regular(String summary) {
        return Workflow.newActivityStub(
                ReconcileSteps.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(LOOK)
                        .setRetryOptions(RetryOptions.newBuilder(StepCalls.UNTIL_IT_WORKS)
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
                        .setRetryOptions(StepCalls.UNTIL_IT_WORKS)
                        .build());
    }

    private static ActivityOptions.Builder engine(String hostId, String summary) {
        return ActivityOptions.newBuilder()
                .setTaskQueue(TaskQueues.ofHost(hostId))
                .setHeartbeatTimeout(StepCalls.HEARTBEAT)
                .setSummary(summary + " on " + hostId);
    }

    private RepairCalls() {}
}
