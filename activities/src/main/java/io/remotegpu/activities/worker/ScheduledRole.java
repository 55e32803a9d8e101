package io.remotegpu.activities.worker;

import io.temporal.client.WorkflowClient;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/** A worker, and the schedule that gives it something to do from time to time, whichever process is there to do it. */
public final class ScheduledRole implements SmartLifecycle {

    /** What was missed while nobody was there is not made up for. */
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    private final WorkflowClient temporal;
    private final QueueWorker worker;
    private final String queue;
    private final String schedule;
    private final Class<?> workflow;
    private final Duration every;

    /**
     * @param queue the worker's
     * @param schedule its id, and its workflow's
     * @param workflow what begins
     * @param every with pauses of so long
     */
    public ScheduledRole(
            WorkflowClient temporal,
            QueueWorker worker,
            String queue,
            String schedule,
            Class<?> workflow,
            Duration every) {
        this.temporal = temporal;
        this.worker = worker;
        this.queue = queue;
        this.schedule = schedule;
        this.workflow = workflow;
        this.every = every;
    }

    @Override
    public void start() {
        worker.start();
        IntervalSchedules.ensure(
                temporal, schedule, IntervalSchedules.every(every, schedule, workflow, queue, CATCH_UP), false);
    }

    @Override
    public void stop() {
        worker.close();
    }

    @Override
    public boolean isRunning() {
        return worker.isRunning();
    }
}
