package io.remotegpu.activities.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.reconcile.Finding;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.reconcile.Repair;
import io.remotegpu.workflows.reconcile.RepairKind;
import io.temporal.client.WorkflowExecutionMetadata;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is found, healed where that is safe, and otherwise left alone and said. */
class ReconcilerIT extends InstallationTest {

    /** What an environment keeps that ended by itself: its name, its storage, its port. */
    private static final Holdings OF_AN_ENDED_TERMINAL = Holdings.OF_A_STOPPED_TERMINAL;

    /** Temporal's in-process server answers no list queries: see {@link StrayWorkflowsIT}. */
    private static final Function<String, Stream<WorkflowExecutionMetadata>> IN_PROCESS = _ -> Stream.empty();

    private Reconciling reconciler;

    @BeforeEach
    void aHostAndAReconcilerThatNeedsTwoLooks() {
        installation.host(HOST, 2);
        reconciler = new Reconciling(installation, new OpenWorkflows(installation.client(), IN_PROCESS));
    }

    @AfterEach
    void end() {
        reconciler.close();
    }

    @Test
    void whatIsAsItShouldBeIsNotSpokenOf() {
        running();
        create("another");
        reconciler.passes(2);

        assertThat(reconciler.all()).isEmpty();
    }

    @Test
    void aRunningEnvironmentWhoseContainerWasRemovedFailsAndKeepsWhatAStoppedOneKeeps() {
        running();
        installation.driver(HOST).remove(id);

        reconciler.pass();
        assertThat(reconciler.open()).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("ended");
            assertThat(finding.environmentId()).isEqualTo(id);
        });
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);

        reconciler.pass();
        awaitEnd();
        var environment = installation.environment(id);
        assertThat(environment.status()).isEqualTo(EnvironmentStatus.FAILED);
        assertThat(environment.failureCode()).isEqualTo("ended");
        assertThat(environment.failureReason()).contains(HOST);
        assertThat(installation.holdings(id)).isEqualTo(OF_AN_ENDED_TERMINAL);
        assertThat(reconciler.open()).isEmpty();
        assertThat(reconciler.all())
                .singleElement()
                .extracting(Finding::outcome)
                .isEqualTo("healed");
        reconciler.pass();
        assertThat(reconciler.open()).singleElement().extracting(Finding::check).isEqualTo("data_missing");
        assertThat(installation
                        .jdbc()
                        .sql(
                                "SELECT outcome FROM environment_events WHERE environment_id = ? AND step = 'reconcile' ORDER BY id")
                        .param(id)
                        .query(String.class)
                        .list())
                .containsExactly("failed", "done", "failed");
        assertThat(reconciler
                        .meters()
                        .counter("remotegpu.reconciler.findings", "check", "ended", "severity", "warning")
                        .count())
                .isEqualTo(1);

        operations.start(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void aRunningEnvironmentWhoseContainerWasStoppedFailsAndStartsAgain() {
        running();
        installation.driver(HOST).stop(id, Duration.ZERO);

        reconciler.passes(2);
        awaitEnd();
        assertFailed("ended", OF_AN_ENDED_TERMINAL);
        operations.start(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void whatCameBackBeforeTheSecondLookIsLeftAlone() {
        running();
        installation.driver(HOST).stop(id, Duration.ZERO);
        reconciler.pass();
        installation.driver(HOST).deploy(deployment(id), _ -> {});
        reconciler.pass();

        assertThat(reconciler.open()).isEmpty();
        assertThat(reconciler.all())
                .singleElement()
                .extracting(Finding::outcome)
                .isEqualTo("gone");
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
    }

    @Test
    void whatMovedMeanwhileIsLeftAlone() {
        running();
        installation.driver(HOST).stop(id, Duration.ZERO);
        reconciler.pass();
        var outdated = new Repair(
                RepairKind.SETTLE,
                reconciler.open().getFirst().id(),
                id,
                HOST,
                DeploymentMode.SIMULATED,
                lastOperation(),
                "it ended");
        assertThat(reconciler.steps().confirm(outdated)).isNotNull();

        operations.stop(id);
        awaitEnd();
        operations.start(id);
        awaitEnd();

        assertThat(reconciler.steps().confirm(outdated)).isNull();
        reconciler.passes(2);
        assertThat(reconciler.open()).isEmpty();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void whatIsMovingIsNotLookedAt() {
        var gate = new Gate();
        installation.faults().after("Engine_deploy", gate);
        create();
        gate.awaitArrival();
        reconciler.passes(2);
        gate.open();
        awaitEnd();

        assertThat(reconciler.all()).isEmpty();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void whatIsLeftOfADeletedEnvironmentIsRemoved() {
        running();
        delete();
        installation.driver(HOST).deploy(deployment(id), _ -> {});

        reconciler.pass();
        assertThat(installation.driver(HOST).list()).contains(id);
        reconciler.pass();
        awaitEnd();
        assertThat(installation.driver(HOST).list()).isEmpty();
        assertThat(reconciler.open()).isEmpty();
        installation.assertSound();
    }

    @Test
    void whatThisDatabaseNeverGaveIsStoppedAndItsDataIsKept() {
        var stranger = UUID.randomUUID();
        installation.driver(HOST).deploy(deployment(stranger), _ -> {});

        reconciler.passes(2);
        operations.awaitEnd(stranger);
        reconciler.passes(2);

        assertThat(installation.driver(HOST).list()).containsExactly(stranger);
        assertThat(installation.driver(HOST).running(stranger)).isEmpty();
        assertThat(reconciler.open()).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("unknown_environment");
            assertThat(finding.severity()).isEqualTo("critical");
            assertThat(finding.healing()).contains("data was kept");
        });
    }

    @Test
    void aStoppedEnvironmentThatRunsIsStopped() {
        stopped();
        installation.driver(HOST).deploy(deployment(id), _ -> {});

        reconciler.passes(2);
        awaitEnd();
        assertThat(reconciler.open()).isEmpty();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
    }

    @Test
    void whatAStoppedEnvironmentStillHoldsIsGivenBack() {
        stopped();
        installation
                .jdbc()
                .sql("UPDATE gpus SET status = 'allocated', allocated_to = ? WHERE gpu_index = 0")
                .param(id)
                .update();
        installation.jdbc().sql("UPDATE reservations SET compute_held = true").update();
        assertThat(installation.holdings(id).gpus()).isEqualTo(1);

        reconciler.passes(2);
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        reconciler.pass();
        assertThat(reconciler.open()).isEmpty();
    }

    @Test
    void nothingIsConcludedFromAHostThatIsSilentOrAnEngineThatDoesNotAnswer() {
        running();
        installation.crashHost(HOST);
        installation.driver(HOST).stop(id, Duration.ZERO);
        try {
            var report = reconciler.passes(3);

            assertThat(report.hostsUnseen()).contains(HOST);
            assertThat(reconciler.open()).singleElement().satisfies(finding -> {
                assertThat(finding.check()).isEqualTo("engine_unseen");
                assertThat(finding.severity()).isEqualTo("info");
            });
            assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
            assertThat(installation.holdings(id)).isEqualTo(Holdings.OF_A_RUNNING_TERMINAL);
        } finally {
            installation.startHost(HOST);
        }
        reconciler.passes(2);
        awaitEnd();
        assertFailed("ended", OF_AN_ENDED_TERMINAL);
    }

    @Test
    void aLostStopIsFinished() {
        running();
        lose("Engine_stop", () -> operations.stop(id));

        reconciler.passes(2);
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(reconciler.open()).isEmpty();
    }

    @Test
    void aLostDeleteIsFinished() {
        running();
        lose("Engine_remove", () -> operations.delete(id));

        reconciler.passes(2);
        awaitEnd();
        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
    }

    @Test
    void aLostCreateIsUndone() {
        lose("Engine_deploy", this::create);

        reconciler.passes(2);
        awaitEnd();
        assertFailed("workflow_lost", Holdings.NOTHING);
        delete();
    }

    @Test
    void aLostStartIsUndone() {
        stopped();
        lose("Engine_deploy", () -> operations.start(id));

        reconciler.passes(2);
        awaitEnd();
        assertFailed("workflow_lost", Holdings.OF_A_STOPPED_TERMINAL);
        operations.start(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    /** A step whose answer is lost is done again: the end is the same, whichever it is. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Records_begin",
                "Records_enter",
                "Engine_stop",
                "Allocation_release",
                "Quota_releaseCompute",
                "Records_fail"
            })
    void aRepairEndsTheSameWhicheverAnswerIsLost(String step) {
        running();
        installation.driver(HOST).stop(id, Duration.ZERO);
        reconciler.pass();
        var before = installation.faults().lost(step);
        installation.faults().loseAnswersOf(step);

        reconciler.pass();
        awaitEnd();
        assertThat(installation.faults().lost(step)).isGreaterThan(before);
        assertFailed("ended", OF_AN_ENDED_TERMINAL);
    }

    /** The workflow is gone in the middle of a step, as after a Temporal that was restored from an older copy. */
    private void lose(String step, Runnable operation) {
        var gate = new Gate();
        installation.faults().after(step, gate);
        operation.run();
        gate.awaitArrival();
        operations.stub(id).terminate("lost");
        gate.open();
    }

    private String lastOperation() {
        return installation
                .jdbc()
                .sql("SELECT id FROM operations WHERE environment_id = ? ORDER BY started_at DESC LIMIT 1")
                .param(id)
                .query(String.class)
                .single();
    }

    private static Deployment deployment(UUID id) {
        return new Deployment(
                id, "alice", Specs.terminal("train", 0), List.of(), List.of(), new Credentials(List.of(), null, null));
    }
}
