package io.remotegpu.activities.reconcile;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.temporal.client.WorkflowClient;
import java.time.Duration;

/** Has a pass begin from time to time, whichever process is there to do it. */
final class ReconcilerSchedule {

    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(20);

    /** Makes the schedule, or gives the one that is there this process's pace. */
    static void ensure(WorkflowClient client, Duration every) {
        IntervalSchedules.ensure(
                client,
                ReconcilerWorkflows.SCHEDULE,
                IntervalSchedules.every(
                        every, ReconcilerWorkflows.SCHEDULE, Reconcile.class, ReconcilerWorkflows.QUEUE, CATCH_UP),
                false);
    }

    private ReconcilerSchedule() {}
}
