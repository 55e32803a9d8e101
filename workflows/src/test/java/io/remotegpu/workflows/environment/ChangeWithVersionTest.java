package io.remotegpu.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.Workflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * How a workflow is changed while old ones run, as CONTRIBUTING.md says, shown by a change that reading a log might get one
 * day: it lets the last lines be written first.
 */
class ChangeWithVersionTest {

    private static final String CHANGE = "wait-for-the-last-lines";
    private static final long DEADLOCK_MILLIS = 30_000;

    /** As it must not be done. */
    public static final class Unguarded implements CaptureLog {

        @Override
        public void capture(LogRequest request) {
            Workflow.sleep(Duration.ofSeconds(1));
            Steps.readLog(request.hostId()).captureLog(request.id(), request.mode());
        }
    }

    /** The first release with the change: what began before goes on the old way, what begins now goes the new way. */
    public static final class Guarded implements CaptureLog {

        @Override
        public void capture(LogRequest request) {
            if (Workflow.getVersion(CHANGE, Workflow.DEFAULT_VERSION, 1) >= 1) {
                Workflow.sleep(Duration.ofSeconds(1));
            }
            Steps.readLog(request.hostId()).captureLog(request.id(), request.mode());
        }
    }

    /** A later release, when nothing of before runs any more: the old way is gone, the mark has to stay. */
    public static final class Later implements CaptureLog {

        @Override
        public void capture(LogRequest request) {
            Workflow.getVersion(CHANGE, 1, 1);
            Workflow.sleep(Duration.ofSeconds(1));
            Steps.readLog(request.hostId()).captureLog(request.id(), request.mode());
        }
    }

    @Test
    void anOldHistoryGoesOnUnderTheNewCodeIfTheChangeIsGuarded() throws IOException {
        assertThatCode(() -> replay(old(), Guarded.class)).doesNotThrowAnyException();
        assertThatThrownBy(() -> replay(old(), Unguarded.class)).hasStackTraceContaining("NonDeterministicException");
    }

    @Test
    void aNewOneGoesTheNewWayAndIsUnderstoodByTheReleaseThatForgotTheOldOne() throws IOException {
        WorkflowExecutionHistory now;
        try (var stage = new Stage(new Class<?>[] {Guarded.class})) {
            stage.captureLog("h1");
            assertThat(stage.ledger.calls()).containsExactly("h1.captureLog");
            now = stage.temporal.getWorkflowClient().fetchHistory(EnvironmentWorkflows.logWorkflowId(stage.id));
        }

        assertThat(now.getEvents()).anyMatch(event -> event.hasTimerFiredEventAttributes());
        assertThatCode(() -> replay(now, Guarded.class)).doesNotThrowAnyException();
        assertThatCode(() -> replay(now, Later.class)).doesNotThrowAnyException();
        assertThatThrownBy(() -> replay(now, CaptureLogImpl.class))
                .as("the release before: never let old and new workers take turns")
                .hasStackTraceContaining("NonDeterministicException");
        assertThatThrownBy(() -> replay(old(), Later.class))
                .as("so it may come only when nothing of before runs any more")
                .isInstanceOf(Exception.class);
    }

    private static WorkflowExecutionHistory old() throws IOException {
        try (var recorded = Objects.requireNonNull(
                ChangeWithVersionTest.class.getResourceAsStream("/histories/capture-log.json"))) {
            return WorkflowExecutionHistory.fromJson(new String(recorded.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void replay(WorkflowExecutionHistory history, Class<?> implementation) throws Exception {
        try (var environment = TestWorkflowEnvironment.newInstance()) {
            var worker = environment.newWorker(
                    "replay",
                    WorkerOptions.newBuilder()
                            .setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS)
                            .build());
            worker.registerWorkflowImplementationTypes(implementation);
            WorkflowReplayer.replayWorkflowExecution(history, worker);
        }
    }
}
