package io.remotegpu.workflows.host;

import io.remotegpu.workflows.TaskQueues;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Public for the SDK, which constructs it; nobody else may. */
public final class SyncNodesImpl implements SyncNodes {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public void sync(String cluster) {
        // Not retried: the schedule comes again soon, and what it would find then is newer.
        Workflow.newActivityStub(
                        NodeSteps.class,
                        ActivityOptions.newBuilder()
                                .setTaskQueue(TaskQueues.ofCluster(cluster))
                                .setStartToCloseTimeout(PATIENCE)
                                .setScheduleToCloseTimeout(PATIENCE)
                                .setRetryOptions(RetryOptions.newBuilder()
                                        .setMaximumAttempts(1)
                                        .build())
                                .setSummary("read the nodes of " + cluster)
                                .build())
                .sync(cluster);
    }
}
