package io.remotegpu.activities.worker;

import io.remotegpu.workflows.StepCalls;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;

/** What all workers of workflows have in common. */
final class WorkflowWorkers {

    /**
     * How long a workflow that goes on waits for the worker that remembers it, which may be dead; then any other one reads
     * its history.
     */
    private static final Duration REMEMBERED = Duration.ofSeconds(2);

    static WorkerFactory factory(WorkflowClient temporal) {
        return WorkerFactory.newInstance(
                temporal,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
    }

    static WorkerOptions.Builder options() {
        return WorkerOptions.newBuilder()
                .setUsingVirtualThreads(true)
                .setStickyQueueScheduleToStartTimeout(REMEMBERED)
                // By default a workflow's thread that gets no processor for a second is taken for a deadlock. Of a task
                // that
                // a dead worker had, Temporal is not told, and waits: one second too much on a busy machine, which is
                // starting a worker again, costs it the whole time once more.
                .setDefaultDeadlockDetectionTimeout(StepCalls.IN_HAND.toMillis());
    }

    private WorkflowWorkers() {}
}
