package io.remotegpu.activities.reconcile;

import io.temporal.client.WorkflowClient;
import org.springframework.context.SmartLifecycle;

/** The worker, and the schedule that gives it something to do. */
final class ReconcilerRole implements SmartLifecycle {

    private final WorkflowClient temporal;
    private final ReconcilerWorker worker;
    private final ReconcilerSettings settings;
    private volatile boolean running;

    ReconcilerRole(WorkflowClient temporal, ReconcilerWorker worker, ReconcilerSettings settings) {
        this.temporal = temporal;
        this.worker = worker;
        this.settings = settings;
    }

    @Override
    public void start() {
        worker.start();
        ReconcilerSchedule.ensure(temporal, settings.every());
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
