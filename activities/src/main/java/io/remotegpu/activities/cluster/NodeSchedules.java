package io.remotegpu.activities.cluster;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.SyncNodes;
import io.temporal.client.WorkflowClient;
import java.time.Duration;

/** Has the nodes of each cluster looked at from time to time, whichever process is there to do it. */
final class NodeSchedules {

    private static final Duration EVERY = Duration.ofSeconds(20);

    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(20);

    /** Makes or updates a cluster's schedule, and lets it begin now. */
    static void ensure(WorkflowClient client, String cluster) {
        var id = HostWorkflows.syncSchedule(cluster);
        IntervalSchedules.ensure(
                client,
                id,
                IntervalSchedules.every(EVERY, id, SyncNodes.class, TaskQueues.CONTROL, CATCH_UP, cluster),
                true);
    }

    private NodeSchedules() {}
}
