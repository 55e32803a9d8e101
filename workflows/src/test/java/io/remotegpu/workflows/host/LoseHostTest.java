package io.remotegpu.workflows.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.workflows.TaskQueues;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoseHostTest {

    private static final String HOST = "host-1";

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private final List<String> story = new CopyOnWriteArrayList<>();
    private final Rows rows = new Rows();
    private volatile int failures;

    @BeforeEach
    void start() {
        var worker = temporal.newWorker(TaskQueues.HOSTS);
        worker.registerWorkflowImplementationTypes(HostWorkflows.watching());
        worker.registerActivitiesImplementations(rows);
    }

    @AfterEach
    void close() {
        temporal.close();
    }

    @Test
    void whatIsThereIsDealtWithBeforeTheHostIsSwept() throws Exception {
        hostComesBack();

        lose();

        assertThat(story).containsExactly("settle", "sweep", "swept 2");
    }

    @Test
    void aSweepThatFailsIsTriedAgain() throws Exception {
        failures = 3;
        hostComesBack();

        lose();

        assertThat(story).containsExactly("settle", "sweep", "sweep", "sweep", "sweep", "swept 2");
    }

    @Test
    void whatIsThereAgainIsDealtWithOnceMore() throws Exception {
        rows.refusals = 1;
        hostComesBack();

        lose();

        assertThat(story).containsExactly("settle", "sweep", "swept 2", "settle", "sweep", "swept 2");
    }

    @Test
    void aHostThatIsRemovedIsNoLongerWaitedFor() throws Exception {
        rows.gone = true;
        temporal.start();

        lose();

        assertThat(story).isEmpty();
    }

    private void hostComesBack() {
        temporal.newWorker(TaskQueues.ofHost(HOST)).registerActivitiesImplementations((SweepSteps) () -> {
            story.add("sweep");
            if (failures-- > 0) {
                throw ApplicationFailure.newFailure("the engine is away", "ENGINE_UNAVAILABLE");
            }
            return 2;
        });
        temporal.start();
    }

    private void lose() throws Exception {
        var lose = temporal.getWorkflowClient()
                .newWorkflowStub(
                        LoseHost.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(HostWorkflows.loseWorkflowId(HOST))
                                .setTaskQueue(TaskQueues.HOSTS)
                                .setWorkflowTaskTimeout(Duration.ofSeconds(10))
                                .build());
        WorkflowClient.execute(lose::lose, HOST).get(60, TimeUnit.SECONDS);
    }

    private final class Rows implements HostSteps {

        private volatile boolean gone;
        private volatile int refusals;

        @Override
        public List<String> watch() {
            return List.of();
        }

        @Override
        public void settle(String hostId) {
            story.add("settle");
        }

        @Override
        public boolean isUnswept(String hostId) {
            return !gone;
        }

        @Override
        public boolean swept(String hostId, int removed) {
            story.add("swept " + removed);
            return refusals-- <= 0;
        }
    }
}
