package io.remotegpu.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.workflows.alert.AlertWorkflows;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.idle.IdleWorkflows;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.remotegpu.workflows.timetable.TimetableWorkflows;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The histories in {@code src/test/resources/histories} were recorded on a real server by
 * {@code src/test/record-histories.sh}, {@code record-reconciler-histories.sh}, {@code record-hand-histories.sh} and
 * {@code record-alert-histories.sh}. A change after which one of them no longer replays would break workflows that
 * run in somebody's installation: make it with {@code Workflow.getVersion}.
 */
class ReplayTest {

    private static final long DEADLOCK_MILLIS = 30_000;

    @ParameterizedTest
    @MethodSource("histories")
    void everyRecordedHistoryReplays(Path history) throws Exception {
        replay(
                history,
                Stream.of(
                                EnvironmentWorkflows.implementations(),
                                HostWorkflows.implementations(),
                                HostWorkflows.watching(),
                                IdleWorkflows.implementations(),
                                TimetableWorkflows.implementations(),
                                AlertWorkflows.implementations(),
                                ReconcilerWorkflows.implementations())
                        .flatMap(Stream::of)
                        .toArray(Class<?>[]::new));
    }

    @Test
    void everyOperationAndEveryWayItCanEndIsRecorded() throws Exception {
        Set<String> names = histories().stream()
                .map(path -> path.getFileName().toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names)
                .contains(
                        "create.json",
                        "create-failed.json",
                        "create-refused.json",
                        "create-cut-by-delete.json",
                        "create-waited.json",
                        "create-waited-in-vain.json",
                        "start-not-waited-for.json",
                        "start-cut-by-delete.json",
                        "create-retried.json",
                        "create-retried-and-aborted.json",
                        "create-undo-skipped.json",
                        "start-aborted.json",
                        "stop-retried.json",
                        "start.json",
                        "stop.json",
                        "delete.json",
                        "delete-after-cut-create.json",
                        "capture-log.json",
                        "follow-logs.json",
                        "sync-nodes.json",
                        "watch-hosts.json",
                        "lose-host.json",
                        "evaluate-alerts.json",
                        "deliver-alert.json",
                        "watch-idleness.json",
                        "stop-idle.json",
                        "keep-timetables.json",
                        "reconcile.json",
                        "repair-settle.json",
                        "repair-finish.json");
    }

    @Test
    void aChangedWorkflowDoesNotReplay() throws Exception {
        for (var history : List.of("create.json", "create-failed.json")) {
            assertThatThrownBy(() -> replay(folder().resolve(history), ChangedCreateEnvironmentImpl.class))
                    .as(history)
                    .hasStackTraceContaining("NonDeterministicException");
        }
    }

    static List<Path> histories() throws IOException, URISyntaxException {
        try (var files = Files.list(folder())) {
            return files.sorted().toList();
        }
    }

    private static Path folder() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ReplayTest.class.getResource("/histories"))
                .toURI());
    }

    private static void replay(Path history, Class<?>... implementations) throws Exception {
        try (var environment = TestWorkflowEnvironment.newInstance()) {
            // A busy machine may leave a workflow's thread waiting for longer than the usual second.
            var patient = WorkerOptions.newBuilder()
                    .setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS)
                    .build();
            var worker = environment.newWorker("replay", patient);
            worker.registerWorkflowImplementationTypes(implementations);
            WorkflowReplayer.replayWorkflowExecution(
                    WorkflowExecutionHistory.fromJson(Files.readString(history)), worker);
        }
    }
}
