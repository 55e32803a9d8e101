package io.remotegpu.activities.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.reconcile.Finding;
import io.remotegpu.db.reconcile.FindingFilter;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.Standings;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.remotegpu.workflows.reconcile.PassReport;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.remotegpu.workflows.reconcile.Repair;
import io.remotegpu.workflows.reconcile.RepairKind;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is found, healed where that is safe, and otherwise left alone and said. */
class ReconcilerIT extends InstallationTest {

    /** What an environment keeps that ended by itself: its name, its storage, its port. */
    private static final Holdings OF_AN_ENDED_TERMINAL = Holdings.OF_A_STOPPED_TERMINAL;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private ReconcileActivities steps;
    private ReconcilerWorker worker;

    @BeforeEach
    void aHostAndAReconcilerThatNeedsTwoLooks() {
        installation.host(HOST, 2);
        var findings = installation.bean(Findings.class);
        steps = new ReconcileActivities(
                installation.bean(Standings.class),
                installation.bean(Invariants.class),
                findings,
                new FindingBook(findings, meters, new ReconcilerSettings(Duration.ofMinutes(1), Duration.ZERO)),
                new OpenWorkflows(installation.client()));
        worker = new ReconcilerWorker(
                installation.client(),
                steps,
                installation.steps(EnvironmentRecords.class),
                installation.steps(QuotaSteps.class),
                installation.steps(AllocationSteps.class),
                installation.steps(PortSteps.class));
        worker.start();
    }

    @AfterEach
    void end() {
        worker.close();
    }

    @Test
    void whatIsAsItShouldBeIsNotSpokenOf() {
        running();
        create("another");
        passes(2);

        assertThat(all()).isEmpty();
    }

    @Test
    void aRunningEnvironmentWhoseContainerWasRemovedFailsAndKeepsWhatAStoppedOneKeeps() {
        running();
        installation.driver(HOST).remove(id);

        pass();
        assertThat(open()).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("ended");
            assertThat(finding.environmentId()).isEqualTo(id);
        });
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);

        pass();
        awaitEnd();
        var environment = installation.environment(id);
        assertThat(environment.status()).isEqualTo(EnvironmentStatus.FAILED);
        assertThat(environment.failureCode()).isEqualTo("ended");
        assertThat(environment.failureReason()).contains(HOST);
        assertThat(installation.holdings(id)).isEqualTo(OF_AN_ENDED_TERMINAL);
        assertThat(open()).isEmpty();
        assertThat(all()).singleElement().extracting(Finding::outcome).isEqualTo("healed");
        pass();
        assertThat(open()).singleElement().extracting(Finding::check).isEqualTo("data_missing");
        assertThat(installation
                        .jdbc()
                        .sql(
                                "SELECT outcome FROM environment_events WHERE environment_id = ? AND step = 'reconcile' ORDER BY id")
                        .param(id)
                        .query(String.class)
                        .list())
                .containsExactly("failed", "done", "failed");
        assertThat(meters.counter("remotegpu.reconciler.findings", "check", "ended", "severity", "warning")
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

        passes(2);
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
        pass();
        installation.driver(HOST).deploy(deployment(id), _ -> {});
        pass();

        assertThat(open()).isEmpty();
        assertThat(all()).singleElement().extracting(Finding::outcome).isEqualTo("gone");
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
    }

    @Test
    void whatMovedMeanwhileIsLeftAlone() {
        running();
        installation.driver(HOST).stop(id, Duration.ZERO);
        pass();
        var outdated = new Repair(
                RepairKind.SETTLE,
                open().getFirst().id(),
                id,
                HOST,
                DeploymentMode.SIMULATED,
                lastOperation(),
                "it ended");
        assertThat(steps.confirm(outdated)).isNotNull();

        operations.stop(id);
        awaitEnd();
        operations.start(id);
        awaitEnd();

        assertThat(steps.confirm(outdated)).isNull();
        passes(2);
        assertThat(open()).isEmpty();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void whatIsMovingIsNotLookedAt() {
        var gate = new Gate();
        installation.faults().after("Engine_deploy", gate);
        create();
        gate.awaitArrival();
        passes(2);
        gate.open();
        awaitEnd();

        assertThat(all()).isEmpty();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void whatIsLeftOfADeletedEnvironmentIsRemoved() {
        running();
        delete();
        installation.driver(HOST).deploy(deployment(id), _ -> {});

        pass();
        assertThat(installation.driver(HOST).list()).contains(id);
        pass();
        awaitEnd();
        assertThat(installation.driver(HOST).list()).isEmpty();
        assertThat(open()).isEmpty();
        installation.assertSound();
    }

    @Test
    void whatThisDatabaseNeverGaveIsStoppedAndItsDataIsKept() {
        var stranger = UUID.randomUUID();
        installation.driver(HOST).deploy(deployment(stranger), _ -> {});

        passes(2);
        operations.awaitEnd(stranger);
        passes(2);

        assertThat(installation.driver(HOST).list()).containsExactly(stranger);
        assertThat(installation.driver(HOST).running(stranger)).isEmpty();
        assertThat(open()).singleElement().satisfies(finding -> {
            assertThat(finding.check()).isEqualTo("unknown_environment");
            assertThat(finding.severity()).isEqualTo("critical");
            assertThat(finding.healing()).contains("data was kept");
        });
    }

    @Test
    void aStoppedEnvironmentThatRunsIsStopped() {
        stopped();
        installation.driver(HOST).deploy(deployment(id), _ -> {});

        passes(2);
        awaitEnd();
        assertThat(open()).isEmpty();
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

        passes(2);
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        pass();
        assertThat(open()).isEmpty();
    }

    @Test
    void nothingIsConcludedFromAHostThatIsSilentOrAnEngineThatDoesNotAnswer() {
        running();
        installation.crashHost(HOST);
        installation.driver(HOST).stop(id, Duration.ZERO);
        try {
            var report = passes(3);

            assertThat(report.hostsUnseen()).contains(HOST);
            assertThat(open()).singleElement().satisfies(finding -> {
                assertThat(finding.check()).isEqualTo("engine_unseen");
                assertThat(finding.severity()).isEqualTo("info");
            });
            assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.RUNNING);
            assertThat(installation.holdings(id)).isEqualTo(Holdings.OF_A_RUNNING_TERMINAL);
        } finally {
            installation.startHost(HOST);
        }
        passes(2);
        awaitEnd();
        assertFailed("ended", OF_AN_ENDED_TERMINAL);
    }

    @Test
    void aLostStopIsFinished() {
        running();
        lose("Engine_stop", () -> operations.stop(id));

        passes(2);
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(open()).isEmpty();
    }

    @Test
    void aLostDeleteIsFinished() {
        running();
        lose("Engine_remove", () -> operations.delete(id));

        passes(2);
        awaitEnd();
        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
    }

    @Test
    void aLostCreateIsUndone() {
        lose("Engine_deploy", this::create);

        passes(2);
        awaitEnd();
        assertFailed("workflow_lost", Holdings.NOTHING);
        delete();
    }

    @Test
    void aLostStartIsUndone() {
        stopped();
        lose("Engine_deploy", () -> operations.start(id));

        passes(2);
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
        pass();
        var before = installation.faults().lost(step);
        installation.faults().loseAnswersOf(step);

        pass();
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

    private PassReport pass() {
        return installation
                .client()
                .newWorkflowStub(
                        Reconcile.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(ReconcilerWorkflows.QUEUE)
                                .setWorkflowId("pass-" + UUID.randomUUID())
                                .build())
                .reconcile();
    }

    private PassReport passes(int count) {
        var report = pass();
        for (int more = 1; more < count; more++) {
            report = pass();
        }
        return report;
    }

    private List<Finding> open() {
        return find(true);
    }

    private List<Finding> all() {
        return find(null);
    }

    private static List<Finding> find(Boolean open) {
        return installation.bean(Findings.class).search(new FindingFilter(open, null, null, null, null), 0, 100);
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
