package io.remotegpu.activities.reconcile;

import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleUpdate;
import java.time.Duration;
import java.util.List;

/** Has a pass begin from time to time, whichever process is there to do it. */
final class ReconcilerSchedule {

    /** Makes the schedule, or gives the one that is there this process's pace. */
    static void ensure(WorkflowClient client, Duration every) {
        var schedules = ScheduleClient.newInstance(
                client.getWorkflowServiceStubs(),
                ScheduleClientOptions.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .build());
        try {
            schedules.createSchedule(
                    ReconcilerWorkflows.SCHEDULE,
                    schedule(every),
                    ScheduleOptions.newBuilder().build());
        } catch (ScheduleAlreadyRunningException there) {
            // Keeps what an operator changed in Temporal, such as a pause.
            schedules
                    .getHandle(ReconcilerWorkflows.SCHEDULE)
                    .update(input -> new ScheduleUpdate(
                            Schedule.newBuilder(input.getDescription().getSchedule())
                                    .setSpec(pace(every))
                                    .build()));
        }
    }

    private static Schedule schedule(Duration every) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(Reconcile.class)
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(ReconcilerWorkflows.SCHEDULE)
                                .setTaskQueue(ReconcilerWorkflows.QUEUE)
                                .build())
                        .build())
                .setSpec(pace(every))
                .setPolicy(SchedulePolicy.newBuilder()
                        .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                        // What was missed while nobody was there is not made up for.
                        .setCatchupWindow(Duration.ofSeconds(20))
                        .build())
                .build();
    }

    private static ScheduleSpec pace(Duration every) {
        return ScheduleSpec.newBuilder()
                .setIntervals(List.of(new ScheduleIntervalSpec(every)))
                .build();
    }

    private ReconcilerSchedule() {}
}
