package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.RawHistory;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.activities.testing.TemporalServer;
import io.remotegpu.activities.worker.IntervalSchedules;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettings.Encryption;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.OperationProgress;
import io.remotegpu.workflows.host.SyncNodes;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeScheduleRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverter;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Temporal server keeps of operations whose payloads are encrypted, and who can go on with them. */
class EncryptedPayloadsIT extends InstallationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String NAME = "a-name-that-nobody-sees";

    @TempDir
    private static Path folder;

    private static TemporalServer server;
    private static DataConverter plain;
    private static DataConverter first;
    private static DataConverter both;
    private static DataConverter replaced;

    @BeforeAll
    static void install() throws IOException {
        server = TemporalServer.start();
        server.registerSearchAttributes();
        installation = Installation.on(server);
        plain = TemporalConnections.payloads(new Encryption(false, null));
        first = encrypting('1');
        both = encrypting('1', '2');
        replaced = encrypting('2', '1');
    }

    @AfterAll
    static void close() {
        if (server != null) {
            installation.close();
            server.close();
        }
    }

    @Test
    void nothingThatWorkflowsAreGivenOrAnswerStandsPlainInTemporal() {
        installation.restartWith(first);
        installation.host(HOST, 1);
        installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.OUTCOME_UNKNOWN, 1);

        operations.create(installation.user(), id, Specs.terminal(NAME, 1));
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        var progress = operations.stub(id).query(EnvironmentWorkflows.PROGRESS, OperationProgress.class);
        assertThat(progress.done()).isNotEmpty();
        assertEncrypted(EnvironmentWorkflows.workflowId(id));

        operations.captureLog(id, HOST);
        assertEncrypted(EnvironmentWorkflows.logWorkflowId(id));

        operations.stop(id);
        awaitEnd();
        assertEncrypted(EnvironmentWorkflows.workflowId(id));
        delete();
        assertEncrypted(EnvironmentWorkflows.workflowId(id));
    }

    @Test
    void whatAScheduleBeginsItsWorkflowsWithIsEncrypted() {
        installation.restartWith(first);
        var schedule = "schedule-" + id;
        IntervalSchedules.ensure(
                installation.client(),
                schedule,
                IntervalSchedules.every(Duration.ofDays(3650), schedule, SyncNodes.class, "nobody", HOUR, NAME),
                false);

        var kept = installation
                .client()
                .getWorkflowServiceStubs()
                .blockingStub()
                .describeSchedule(DescribeScheduleRequest.newBuilder()
                        .setNamespace(TemporalServer.NAMESPACE)
                        .setScheduleId(schedule)
                        .build());
        assertThat(kept.toByteString().toString(StandardCharsets.UTF_8))
                .contains("binary/encrypted")
                .doesNotContain(NAME);
    }

    @Test
    void whatBeganBeforeItWasSwitchedOnGoesOnAfter() {
        installation.restartWith(plain);
        queued();

        installation.restartWith(first);
        installation.host(HOST, 1);
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(history().keys()).hasSize(2).contains("");
    }

    @Test
    void whatBeganWithTheKeyBeforeGoesOnWithTheNewOne() {
        installation.restartWith(first);
        queued();
        installation.restartWith(both);
        installation.restartWith(replaced);
        installation.host(HOST, 1);
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(history().keys()).hasSize(2).doesNotContain("");
    }

    @Test
    void withAWorkerThatLacksTheKeyAnOperationWaitsAndLosesNothing() {
        installation.restartWith(first);
        queued();

        installation.restartWith(plain);
        installation.host(HOST, 1);
        // The word that it has a place reaches a worker that cannot read what it is about.
        await().atMost(PATIENCE)
                .until(() -> described().getPendingWorkflowTask().getAttempt() > 1);

        assertThat(described().getWorkflowExecutionInfo())
                .extracting(WorkflowExecutionInfo::getStatus)
                .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
        assertThat(history().failures())
                .anySatisfy(said -> assertThat(said).contains("remotegpu.temporal.encryption.key-file"));
        installation.restartWith(first);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void withAHostThatLacksTheKeyADeployWaitsAndSaysWhy() {
        installation.restartWith(first);
        installation.host(HOST, 1);
        installation.restartHostWith(HOST, plain);
        operations.create(installation.user(), id, Specs.terminal(NAME, 1));

        await().atMost(PATIENCE)
                .until(() -> described().getPendingActivitiesList().stream()
                        .anyMatch(step ->
                                step.getLastFailure().getMessage().contains("remotegpu.temporal.encryption.key-file")));
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.CREATING);

        installation.restartHostWith(HOST, first);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void whatAStepSaysOfItsProgressIsEncryptedAndTheNextAttemptReadsIt() {
        installation.restartWith(first);
        var client = installation.client();
        var queue = "progress-" + id;
        var seen = new CountDownLatch(1);
        var workers = WorkerFactory.newInstance(client);
        var worker = workers.newWorker(queue);
        worker.registerWorkflowImplementationTypes(HangsOnceImpl.class);
        worker.registerActivitiesImplementations(new HangingStepImpl(seen));
        workers.start();
        try {
            var workflow = client.newWorkflowStub(
                    HangsOnce.class,
                    WorkflowOptions.newBuilder()
                            .setWorkflowId(queue)
                            .setTaskQueue(queue)
                            .build());
            WorkflowClient.start(workflow::run);
            var stub = WorkflowStub.fromTyped(workflow);
            var details = await().atMost(PATIENCE)
                    .until(
                            () -> stub.describe().getRawDescription().getPendingActivitiesList().stream()
                                    .flatMap(step -> step.getHeartbeatDetails().getPayloadsList().stream())
                                    .toList(),
                            found -> !found.isEmpty());

            assertThat(details).singleElement().satisfies(detail -> {
                assertThat(detail.toByteString().toString(StandardCharsets.UTF_8))
                        .contains("binary/encrypted")
                        .doesNotContain(NAME);
                assertThat(first.fromPayload(detail, String.class, String.class))
                        .isEqualTo(NAME);
            });
            seen.countDown();
            assertThat(stub.getResult(String.class)).isEqualTo(NAME);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Its only step hangs, and is tried again. */
    @WorkflowInterface
    public interface HangsOnce {

        @WorkflowMethod
        String run();
    }

    public static final class HangsOnceImpl implements HangsOnce {

        @Override
        public String run() {
            return Workflow.newActivityStub(
                            HangingStep.class,
                            ActivityOptions.newBuilder()
                                    .setStartToCloseTimeout(HOUR)
                                    .setHeartbeatTimeout(Duration.ofSeconds(2))
                                    .build())
                    .hang();
        }
    }

    @ActivityInterface
    public interface HangingStep {

        /** What the attempt before said last. */
        String hang();
    }

    /** Says something once, then nothing any more; the next attempt waits until Temporal was looked at. */
    private record HangingStepImpl(CountDownLatch seen) implements HangingStep {

        @Override
        public String hang() {
            var context = Activity.getExecutionContext();
            var said = context.getHeartbeatDetails(String.class);
            try {
                if (said.isEmpty()) {
                    context.heartbeat(NAME);
                    new CountDownLatch(1).await();
                }
                seen.await();
            } catch (InterruptedException over) {
                throw Activity.wrap(over);
            }
            return said.orElseThrow();
        }
    }

    /** With no host yet. */
    private void queued() {
        operations.createOrWait(installation.user(), id, Specs.terminal(NAME, 1), HOUR);
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.QUEUED);
    }

    private void assertEncrypted(String workflowId) {
        var history = RawHistory.of(installation.client(), workflowId);
        assertThat(history.text()).doesNotContain(NAME, HOST + "-gpu-0");
        assertThat(history.keys()).hasSize(1).doesNotContain("");
        assertThat(history.failures()).allMatch("Encoded failure"::equals);
    }

    private RawHistory history() {
        return RawHistory.of(installation.client(), EnvironmentWorkflows.workflowId(id));
    }

    private DescribeWorkflowExecutionResponse described() {
        return operations.stub(id).describe().getRawDescription();
    }

    private static DataConverter encrypting(char... keys) {
        var text = new StringBuilder();
        for (var fill : keys) {
            var secret = String.valueOf(fill).repeat(32).getBytes(StandardCharsets.UTF_8);
            text.append(Base64.getEncoder().encodeToString(secret)).append('\n');
        }
        try {
            var file = Files.writeString(Files.createTempFile(folder, "temporal", ".key"), text);
            return TemporalConnections.payloads(new Encryption(true, file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
