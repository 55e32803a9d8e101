package io.remotegpu.activities.reconcile;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.ScheduleUpdate;
import java.time.Duration;

/** Has a pass begin from time to time, whichever process is there to do it. */
final class ReconcilerSchedule {

    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(20);

    /** Makes the schedule, or gives the one that is there this process's pace. */
    static void ensure(WorkflowClient client, Duration every) {
        var schedules = IntervalSchedules.of(client);
        try {
            schedules.createSchedule(
                    ReconcilerWorkflows.SCHEDULE,
                    IntervalSchedules.schedule(
                            ReconcilerWorkflows.SCHEDULE, Reconcile.class, ReconcilerWorkflows.QUEUE, every, CATCH_UP),
                    ScheduleOptions.newBuilder().build());
        } catch (ScheduleAlreadyRunningException there) {
            // Keeps what an operator changed in Temporal, such as a pause.
            schedules
                    .getHandle(ReconcilerWorkflows.SCHEDULE)
                    .update(input -> new ScheduleUpdate(
                            Schedule.newBuilder(input.getDescription().getSchedule())
                                    .setSpec(IntervalSchedules.pace(every))
                                    .build()));
        }
    }

    private ReconcilerSchedule() {}
}
