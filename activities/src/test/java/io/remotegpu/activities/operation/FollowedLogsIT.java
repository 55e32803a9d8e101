package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.RawHistory;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.FollowLogs;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The host's half of following logs, with a reader that takes what comes. */
class FollowedLogsIT extends InstallationTest {

    private final UUID stream = UUID.randomUUID();
    private final List<String> lines = new ArrayList<>();
    private @Nullable String position;

    @BeforeEach
    void somethingRuns() {
        installation.host(HOST, 1);
        running();
    }

    @Test
    void eachLineArrivesOnceAlsoWhenTheHostsWorkerDiesInBetween() {
        streams().open(stream, id, HOST, null, 10);
        follow();
        takeUntil("nothing runs here");

        print("one", "two");
        takeUntil("two");
        installation.crashHost(HOST);
        print("three");
        installation.startHost(HOST);
        print("four");
        takeUntil("four");

        assertThat(lines.subList(1, lines.size())).containsExactly("one", "two", "three", "four");
        assertThat(history()).contains(HOST).doesNotContain(lines);
    }

    @Test
    void muchArrivesWholeAndASecondReaderGoesOnWhereTheFirstWas() {
        streams().open(stream, id, HOST, null, 10);
        follow();
        takeUntil("nothing runs here");
        var behind = position;
        var many = IntStream.range(0, 200).mapToObj(i -> "line " + i).toList();
        print(many.toArray(String[]::new));
        takeUntil("line 199");
        assertThat(lines.subList(1, lines.size())).isEqualTo(many);

        streams().close(stream);
        lines.clear();
        streams().open(stream, id, HOST, behind, 1);
        takeUntil("line 199");
        assertThat(lines).isEqualTo(many);
    }

    @Test
    void whatNobodyFollowsAnyMoreIsNotReadAndTheWorkflowEnds() {
        streams().open(stream, id, HOST, null, 10);
        var followed = follow();
        takeUntil("nothing runs here");

        streams().close(stream);

        followed.getResult(Void.class);
        print("unheard");
        assertThat(streams().take(stream, HOST)).isEmpty();
    }

    @Test
    void whatIsHandedOverTwiceOrToNobodyChangesNothing() {
        streams().open(stream, id, HOST, null, 10);
        var part = installation.driver(HOST).logsAfter(id, null, 10);
        streams().offer("another-host", stream, null, part);
        assertThat(streams().take(stream, HOST).orElseThrow().part()).isNull();

        streams().offer(HOST, stream, null, part);
        streams().offer(HOST, stream, null, part);
        take();
        streams().offer(HOST, stream, null, part);
        take();
        assertThat(lines).isEqualTo(part.lines());
        assertThat(streams().ofHost(HOST)).singleElement().satisfies(followed -> {
            assertThat(followed.position()).isEqualTo(part.position());
            assertThat(followed.ready()).isTrue();
        });
        streams().close(stream);
        streams().offer(HOST, stream, part.position(), part);
        assertThat(streams().ofHost(HOST)).isEmpty();
    }

    private LogStreams streams() {
        return installation.bean(LogStreams.class);
    }

    private WorkflowStub follow() {
        var options = WorkflowOptions.newBuilder()
                .setWorkflowId(EnvironmentWorkflows.followWorkflowId(HOST))
                .setTaskQueue(TaskQueues.CONTROL)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .build();
        WorkflowClient.start(installation.client().newWorkflowStub(FollowLogs.class, options)::follow, HOST);
        return installation.client().newUntypedWorkflowStub(options.getWorkflowId());
    }

    private String history() {
        return RawHistory.of(installation.client(), EnvironmentWorkflows.followWorkflowId(HOST))
                .text();
    }

    private void print(String... printed) {
        for (var line : printed) {
            installation.driver(HOST).print(id, line);
        }
    }

    private void take() {
        var part = streams().take(stream, HOST).orElseThrow().part();
        if (part != null) {
            lines.addAll(part.lines());
            position = part.position();
        }
    }

    private void takeUntil(String last) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            take();
            return !lines.isEmpty() && lines.getLast().endsWith(last);
        });
    }
}
