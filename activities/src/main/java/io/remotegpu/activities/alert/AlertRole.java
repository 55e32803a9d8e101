package io.remotegpu.activities.alert;

import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.workflows.alert.AlertWorkflows;
import io.remotegpu.workflows.alert.EvaluateAlerts;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** Has the rules looked at from time to time, and people told, by whichever process with this role is there. */
final class AlertRole implements SmartLifecycle {

    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    private final WorkflowClient temporal;
    private final AlertWorker worker;
    private final Duration every;
    private volatile boolean running;

    AlertRole(WorkflowClient temporal, AlertWorker worker, Duration every) {
        this.temporal = temporal;
        this.worker = worker;
        this.every = every;
    }

    @Override
    public void start() {
        worker.start();
        IntervalSchedules.ensure(
                temporal,
                AlertWorkflows.SCHEDULE,
                IntervalSchedules.every(
                        every, AlertWorkflows.SCHEDULE, EvaluateAlerts.class, AlertWorkflows.QUEUE, CATCH_UP),
                false);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        worker.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
