package io.remotegpu.activities.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.SavedRows;
import io.remotegpu.db.reconcile.Finding;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.StartEnvironment;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptor;
import io.temporal.common.interceptors.WorkflowClientCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowClientInterceptorBase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workflows that the rows do not know are found on a real Temporal server, and ended; all others are left alone. */
class StrayWorkflowsIT extends OnRealTemporal {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private String run = "";

    @BeforeEach
    void aHost() {
        installation.host(HOST, 2);
    }

    @Test
    void anOperationThatTheRowsKnowIsNotSpokenOf() {
        moving("Engine_deploy", this::create);

        reconciler.passes(3);
        assertThat(reconciler.all()).isEmpty();
        gate.open();
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void aCreateWhoseEnvironmentHasNoRowIsEndedAndWhatItMadeIsStopped() {
        var before = SavedRows.of(installation.jdbc());
        moving("Engine_deploy", this::create);
        before.restore();

        reconciler.pass();
        assertThat(reconciler.open()).extracting(Finding::check).contains("workflow_without_operation");
        assertThat(status()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
        reconciler.pass();
        assertThat(status()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
        assertThat(reconciler.all())
                .filteredOn(finding -> finding.check().equals("workflow_without_operation"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.outcome()).isEqualTo("healed");
                    assertThat(finding.environmentId()).isEqualTo(id);
                    assertThat(finding.found()).contains("create");
                });
        assertThat(reconciler
                        .meters()
                        .counter("remotegpu.reconciler.repairs", "kind", "end", "outcome", "done")
                        .count())
                .isEqualTo(1);

        gate.open();
        await().atMost(PATIENCE).until(() -> {
            reconciler.pass();
            return installation.driver(HOST).running(id).isEmpty();
        });
        // Its data may be somebody's: it stays until a person removes it.
        assertThat(installation.driver(HOST).list()).containsExactly(id);
        installation.driver(HOST).remove(id);
        installation.assertSound();
    }

    @Test
    void aDeleteThatTheRowsDoNotKnowTakesNothingAway() {
        running();
        var before = SavedRows.of(installation.jdbc());
        installation.faults().before("Engine_remove", () -> {
            gate.run();
            throw new IllegalStateException("the host's worker was killed");
        });
        awaitGate(() -> operations.delete(id));
        before.restore();

        reconciler.passes(2);
        assertThat(status()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(reconciler.open()).isEmpty();
        gate.open();
        delete();
    }

    @Test
    void aStartOfWhatTheRowsSayIsDeletedIsEndedAndSweptAway() {
        stopped();
        moving("Engine_deploy", () -> operations.start(id));
        installation
                .jdbc()
                .sql(
                        "UPDATE operations SET ended_at = now(), outcome = 'failed' WHERE environment_id = ? AND ended_at IS NULL")
                .param(id)
                .update();
        installation
                .jdbc()
                .sql("UPDATE environments SET status = 'deleted', deleted_at = now() WHERE id = ?")
                .param(id)
                .update();

        reconciler.passes(2);
        assertThat(status()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED);
        gate.open();
        await().atMost(PATIENCE).until(() -> {
            reconciler.pass();
            return reconciler.open().isEmpty()
                    && installation.driver(HOST).list().isEmpty();
        });
        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
    }

    @Test
    void whatNoWorkerHasTakenUpYetIsLeftAlone() {
        stopped();
        isLeftAlone(WorkflowOptions.newBuilder().setTaskQueue("nobody-listens"));
    }

    /** As a delete that follows on the create that it ended: Temporal lets it wait for up to a second. */
    @Test
    void whatBeginsLaterIsLeftAlone() {
        stopped();
        isLeftAlone(
                WorkflowOptions.newBuilder().setTaskQueue(TaskQueues.CONTROL).setStartDelay(Duration.ofHours(1)));
    }

    private void isLeftAlone(WorkflowOptions.Builder options) {
        var start = installation
                .client()
                .newWorkflowStub(
                        StartEnvironment.class,
                        options.setWorkflowId(EnvironmentWorkflows.workflowId(id))
                                .build());
        WorkflowClient.start(start::start, new OperationRequest(id, "alice"));
        awaitVisible(id);

        reconciler.passes(3);
        assertThat(reconciler.all()).isEmpty();
        assertThat(status()).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
        operations.stub(id).terminate("the test is over");
    }

    @Test
    void anOperationThatAnOperatorResetIsStillKnown() {
        running();
        var second = new Gate();
        installation.faults().before("Engine_stop", gate);
        installation.faults().before("Engine_stop", second);
        awaitGate(() -> operations.stop(id));
        var first = operations.stub(id).describe().getExecution();
        var again = reset(first);
        assertThat(again).isNotEqualTo(first.getRunId());
        second.awaitArrival();
        await().atMost(PATIENCE)
                .until(() -> workflows.operations().stream()
                        .anyMatch(open -> open.runId().equals(again)));
        reconciler.passes(3);
        assertThat(reconciler.all()).isEmpty();

        gate.open();
        second.open();
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
    }

    @Test
    void anOperationThatEndsBetweenTheLookAtTheRowsAndTheLookAtItsWorkflowIsNotSpokenOf() {
        moving("Engine_deploy", this::create);
        endsWhenDescribed(true);

        reconciler.pass();
        assertThat(reconciler.all()).isEmpty();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void anOperationThatEndsBetweenTheLookAtItsWorkflowAndTheLookAtTheRowsIsNotSpokenOf() {
        running();
        var second = new Gate();
        installation.faults().before("Engine_stop", gate);
        installation.faults().before("Engine_stop", second);
        awaitGate(() -> operations.stop(id));
        // Its run is not its operation's id any more: it has to be asked.
        var again = reset(operations.stub(id).describe().getExecution());
        second.awaitArrival();
        await().atMost(PATIENCE)
                .until(() -> workflows.operations().stream()
                        .allMatch(open -> open.runId().equals(again)));
        endsWhenDescribed(false, second);

        reconciler.pass();
        assertThat(reconciler.all()).isEmpty();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
    }

    /** From now on the reconciler asks a Temporal whose answer is late: the operation ends just before, or just after it was made. */
    private void endsWhenDescribed(boolean before, Gate... gates) {
        Runnable end = () -> {
            gate.open();
            List.of(gates).forEach(Gate::open);
            awaitEnd();
        };
        var client = installation.client();
        reconciler.close();
        reconciler = new Reconciling(
                installation,
                new OpenWorkflows(WorkflowClient.newInstance(
                        client.getWorkflowServiceStubs(),
                        client.getOptions().toBuilder()
                                .setInterceptors(new WorkflowClientInterceptorBase() {
                                    @Override
                                    public WorkflowClientCallsInterceptor workflowClientCallsInterceptor(
                                            WorkflowClientCallsInterceptor next) {
                                        return new WorkflowClientCallsInterceptorBase(next) {
                                            @Override
                                            public DescribeWorkflowOutput describe(DescribeWorkflowInput input) {
                                                if (before) {
                                                    end.run();
                                                    return super.describe(input);
                                                }
                                                var answer = super.describe(input);
                                                end.run();
                                                return answer;
                                            }
                                        };
                                    }
                                })
                                .build())));
    }

    private static String reset(WorkflowExecution run) {
        var client = installation.client();
        return client.getWorkflowServiceStubs()
                .blockingStub()
                .resetWorkflowExecution(ResetWorkflowExecutionRequest.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .setWorkflowExecution(run)
                        .setReason("an operator tries it again")
                        .setWorkflowTaskFinishEventId(4)
                        .setRequestId(UUID.randomUUID().toString())
                        .build())
                .getRunId();
    }

    /** Of the operation's run: what repairs the environment has the same workflow id. */
    private WorkflowExecutionStatus status() {
        return Objects.requireNonNull(installation
                .client()
                .newUntypedWorkflowStub(WorkflowTargetOptions.newBuilder()
                        .setWorkflowId(EnvironmentWorkflows.workflowId(id))
                        .setRunId(run)
                        .build())
                .describe()
                .getStatus());
    }

    /** Stands at the gate with that step done, and is in visibility. */
    private void moving(String step, Runnable operation) {
        installation.faults().after(step, gate);
        awaitGate(operation);
    }

    private void awaitGate(Runnable operation) {
        operation.run();
        gate.awaitArrival();
        awaitVisible(id);
    }

    private void awaitVisible(UUID environment) {
        await().atMost(PATIENCE)
                .until(() -> workflows.operations().stream()
                        .anyMatch(open -> open.environmentId().equals(environment)));
        run = operations.stub(environment).describe().getExecution().getRunId();
    }
}
