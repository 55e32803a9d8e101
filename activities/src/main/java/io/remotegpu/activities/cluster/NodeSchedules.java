package io.remotegpu.activities.cluster;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.SyncNodes;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleOptions;
import java.time.Duration;

/** Has the nodes of each cluster looked at from time to time, whichever process is there to do it. */
final class NodeSchedules {

    private static final Duration EVERY = Duration.ofSeconds(20);

    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(20);

    /** Makes a cluster's schedule, and lets it begin now; there already is success. */
    static void ensure(WorkflowClient client, String cluster) {
        var schedules = IntervalSchedules.of(client);
        var id = HostWorkflows.syncSchedule(cluster);
        try {
            schedules.createSchedule(
                    id,
                    IntervalSchedules.schedule(id, SyncNodes.class, TaskQueues.CONTROL, EVERY, CATCH_UP, cluster),
                    ScheduleOptions.newBuilder().setTriggerImmediately(true).build());
        } catch (ScheduleAlreadyRunningException there) {
            schedules.getHandle(id).trigger(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP);
        }
    }

    private NodeSchedules() {}
}
