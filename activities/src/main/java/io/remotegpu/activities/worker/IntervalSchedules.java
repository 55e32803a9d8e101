package io.remotegpu.activities.worker;

import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleHandle;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleUpdate;
import java.time.Duration;
import java.util.List;

/** Schedules that have a workflow begin from time to time: one run at a time, named like the schedule. */
public final class IntervalSchedules {

    /**
     * Makes a schedule, or gives the one that is there this process's pace, workflow and policy. What an operator changed of
     * its state in Temporal, such as a pause, stays.
     *
     * @param now whether a run begins at once, unless an operator paused the schedule
     */
    public static void ensure(WorkflowClient client, String id, Schedule schedule, boolean now) {
        var schedules = ScheduleClient.newInstance(
                client.getWorkflowServiceStubs(),
                ScheduleClientOptions.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .setDataConverter(client.getOptions().getDataConverter())
                        .build());
        try {
            schedules.createSchedule(
                    id,
                    schedule,
                    ScheduleOptions.newBuilder().setTriggerImmediately(now).build());
        } catch (ScheduleAlreadyRunningException there) {
            var handle = schedules.getHandle(id);
            handle.update(found -> new ScheduleUpdate(Schedule.newBuilder(schedule)
                    .setState(found.getDescription().getSchedule().getState())
                    .build()));
            if (now && !paused(handle)) {
                handle.trigger(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP);
            }
        }
    }

    /**
     * One that begins from time to time.
     *
     * @param id the schedule's, and so the workflow's
     * @param catchUp what was missed while nobody was there is made up for only if it is no older
     * @param arguments the workflow's
     */
    public static Schedule every(
            Duration pause, String id, Class<?> workflow, String queue, Duration catchUp, Object... arguments) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(workflow)
                        .setArguments(arguments)
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(id)
                                .setTaskQueue(queue)
                                .build())
                        .build())
                .setSpec(ScheduleSpec.newBuilder()
                        .setIntervals(List.of(new ScheduleIntervalSpec(pause)))
                        .build())
                .setPolicy(SchedulePolicy.newBuilder()
                        .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                        .setCatchupWindow(catchUp)
                        .build())
                .build();
    }

    private static boolean paused(ScheduleHandle handle) {
        var state = handle.describe().getSchedule().getState();
        return state != null && state.isPaused();
    }

    private IntervalSchedules() {}
}
