package io.remotegpu.workflows.host;

import io.remotegpu.workflows.StepCalls;
import io.remotegpu.workflows.TaskQueues;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Public for the SDK, which constructs it; nobody else may. */
public final class LoseHostImpl implements LoseHost {

    /** For what waits there to end; longer than the longest step, which is then tried again by whoever stands in. */
    private static final Duration SETTLE = Duration.ofHours(2);

    /** How long the host is waited for until it is asked again whether it is still waited for. */
    private static final Duration COME_BACK = Duration.ofMinutes(2);

    private static final Duration SWEEP = Duration.ofMinutes(30);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** After as many looks the history begins anew. */
    private static final int LOOKS = 100;

    @Override
    public void lose(String hostId) {
        for (int look = 0; look < LOOKS; look++) {
            var rows = rows(hostId);
            if (!rows.isUnswept(hostId)) {
                return;
            }
            standIn(hostId).settle(hostId);
            try {
                var removed = sweeper(hostId).sweep();
                if (rows.swept(hostId, removed)) {
                    return;
                }
            } catch (ActivityFailure notBack) {
                Workflow.sleep(PAUSE);
            }
        }
        Workflow.continueAsNew(hostId);
    }

    private static HostSteps rows(String hostId) {
        return StepCalls.database(HostSteps.class, "the rows of " + hostId);
    }

    private static HostSteps standIn(String hostId) {
        return Workflow.newActivityStub(
                HostSteps.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(SETTLE)
                        .setHeartbeatTimeout(StepCalls.HEARTBEAT)
                        .setRetryOptions(StepCalls.UNTIL_IT_WORKS)
                        .setSummary("stand in for " + hostId + " until nothing is there any more")
                        .build());
    }

    private static SweepSteps sweeper(String hostId) {
        return Workflow.newActivityStub(
                SweepSteps.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(TaskQueues.ofHost(hostId))
                        .setScheduleToStartTimeout(COME_BACK)
                        .setStartToCloseTimeout(SWEEP)
                        .setScheduleToCloseTimeout(SWEEP)
                        .setHeartbeatTimeout(StepCalls.HEARTBEAT)
                        .setRetryOptions(StepCalls.UNTIL_IT_WORKS)
                        .setSummary("remove what is left on " + hostId + ", should it come back")
                        .build());
    }
}
