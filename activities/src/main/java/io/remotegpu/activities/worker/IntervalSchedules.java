package io.remotegpu.activities.worker;

import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import java.time.Duration;
import java.util.List;

/** Schedules that have a workflow begin from time to time: one run at a time, named like the schedule. */
public final class IntervalSchedules {

    /** The schedules of the client's namespace. */
    public static ScheduleClient of(WorkflowClient client) {
        return ScheduleClient.newInstance(
                client.getWorkflowServiceStubs(),
                ScheduleClientOptions.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .build());
    }

    /**
     * A schedule that is still to be created.
     *
     * @param id the schedule's, and so the workflow's
     * @param catchUp what was missed while nobody was there is made up for only if it is no older
     * @param arguments the workflow's
     */
    public static Schedule schedule(
            String id, Class<?> workflow, String queue, Duration every, Duration catchUp, Object... arguments) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(workflow)
                        .setArguments(arguments)
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(id)
                                .setTaskQueue(queue)
                                .build())
                        .build())
                .setSpec(pace(every))
                .setPolicy(SchedulePolicy.newBuilder()
                        .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                        .setCatchupWindow(catchUp)
                        .build())
                .build();
    }

    public static ScheduleSpec pace(Duration every) {
        return ScheduleSpec.newBuilder()
                .setIntervals(List.of(new ScheduleIntervalSpec(every)))
                .build();
    }

    private IntervalSchedules() {}
}
