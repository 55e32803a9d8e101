package io.remotegpu.activities.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workflows whose threads get no processor for a while. */
class WorkflowWorkersTest {

    private static final String QUEUE = "busy";

    @WorkflowInterface
    public interface Starved {

        @WorkflowMethod
        void run();
    }

    public static class StarvedImpl implements Starved {

        @Override
        public void run() {
            try {
                Thread.sleep(1500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    @Timeout(120)
    void oneThatWaitsForAProcessorIsNotTakenForADeadlock() {
        try (var temporal = TestWorkflowEnvironment.newInstance()) {
            var client = temporal.getWorkflowClient();
            var factory = WorkflowWorkers.factory(client);
            factory.newWorker(QUEUE, WorkflowWorkers.options().build())
                    .registerWorkflowImplementationTypes(StarvedImpl.class);
            factory.start();
            var options = WorkflowOptions.newBuilder()
                    .setTaskQueue(QUEUE)
                    .setWorkflowId(QUEUE)
                    .build();
            client.newWorkflowStub(Starved.class, options).run();
            assertThat(client.fetchHistory(QUEUE).getEvents())
                    .noneMatch(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED);
            factory.shutdownNow();
        }
    }
}
