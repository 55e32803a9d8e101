package io.remotegpu.workflows.idle;

import io.remotegpu.workflows.StepCalls;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.FailureReason;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Public for the SDK, which constructs it; nobody else may. */
public final class WatchIdlenessImpl implements WatchIdleness {

    private static final Duration PICK_UP = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMinutes(2);
    private static final Duration CONCLUDE = Duration.ofMinutes(1);

    /** The schedule comes again soon, and what is seen then is newer. */
    private static final RetryOptions ONCE =
            RetryOptions.newBuilder().setMaximumAttempts(1).build();

    private final List<String> done = new ArrayList<>();

    @Override
    public void watch() {
        var look =
                StepCalls.database(IdleSteps.class, "what is to be looked at").begin();
        Promise.allOf(look.hosts().stream()
                        .map(host -> Async.procedure(() -> look(look, host)))
                        .toList())
                .get();
        if (!done.isEmpty()) {
            Workflow.setCurrentDetails(String.join("\n", done));
        }
    }

    private void look(Look look, Look.OnHost host) {
        List<Seen> seen;
        try {
            seen = Workflow.newActivityStub(
                            ActivitySampling.class,
                            ActivityOptions.newBuilder()
                                    .setTaskQueue(TaskQueues.ofHost(host.hostId()))
                                    .setScheduleToStartTimeout(PICK_UP)
                                    .setStartToCloseTimeout(LOOK)
                                    .setHeartbeatTimeout(StepCalls.HEARTBEAT)
                                    .setRetryOptions(ONCE)
                                    .setSummary("who uses what is on " + host.hostId())
                                    .build())
                    .sample(host.targets());
        } catch (ActivityFailure silent) {
            var why = "host " + host.hostId() + ": " + FailureReason.of(silent).message();
            seen = host.targets().stream()
                    .map(target -> Seen.nothing(target.id(), why))
                    .toList();
        }
        // Regular: many environments take their time, and workflows are started.
        done.addAll(Workflow.newActivityStub(
                        IdleSteps.class,
                        ActivityOptions.newBuilder()
                                .setStartToCloseTimeout(CONCLUDE)
                                .setRetryOptions(RetryOptions.newBuilder(StepCalls.UNTIL_IT_WORKS)
                                        .setMaximumAttempts(3)
                                        .build())
                                .setSummary("conclude for " + host.hostId())
                                .build())
                .conclude(look.startedAt(), seen));
    }
}
