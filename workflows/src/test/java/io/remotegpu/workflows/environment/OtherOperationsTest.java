package io.remotegpu.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.workflows.environment.Ledger.Fault;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OtherOperationsTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void stopGivesComputeBackAndKeepsThePorts() {
        stage.stop();
        stage.ended();
        assertThat(stage.ledger.calls())
                .containsExactly(
                        "records.begin stop",
                        "records.enter stop",
                        "h1.stop",
                        "records.enter release",
                        "allocations.release",
                        "quota.releaseCompute",
                        "records.succeed stopped");
    }

    @Test
    void theHostReadsTheLogOrItIsSoonSaidThatItDoesNot() {
        stage.captureLog("h1");
        assertThat(stage.ledger.calls()).containsExactly("h1.captureLog");

        assertThatThrownBy(() -> stage.captureLog("h3")).isInstanceOf(WorkflowFailedException.class);
    }

    @Test
    void startGoesWhereTheDataIs() {
        stage.start();
        stage.ended();
        assertThat(stage.ledger.calls())
                .containsExactly(
                        "records.begin start",
                        "quota.reserveCompute",
                        "allocations.allocate without []",
                        "ports.lease",
                        "records.enter deploy",
                        "h1.deploy at 22000",
                        "records.succeed running");
    }

    @Test
    void aRefusedStartLeavesItStopped() {
        stage.ledger.script("allocations.allocate without []", new Fault.Before(Stage.refusal(Refusal.NO_CAPACITY)));

        assertThatThrownBy(stage::start).isInstanceOf(WorkflowUpdateException.class);
        stage.ended();
        assertThat(stage.ledger.held()).isEmpty();
        assertThat(stage.ledger.calls())
                .endsWith("allocations.release", "quota.releaseCompute", "records.abandonStart");
    }

    @Test
    void aFailedStartStopsWhatItStartedAndKeepsTheData() {
        stage.ledger.script("h1.deploy at 22000", new Fault.After(Stage.engine(FailureReason.NOT_READY, false, 0)));

        stage.start();
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.calls())
                .endsWith(
                        "records.fail not_ready [the deployment on h1, host and GPUs, quota]",
                        "h1.stop",
                        "allocations.release",
                        "quota.releaseCompute",
                        "records.settle")
                .doesNotContain("h1.remove", "ports.release");
    }

    @Test
    void deleteGivesEverythingBackHoweverOftenTheEngineFails() {
        stage.ledger.script("h1.remove", new Fault.Before(Stage.engine("ENGINE_UNAVAILABLE", true, 0)));
        stage.ledger.script("h1.remove", new Fault.Before(Stage.engine("PERMISSION_DENIED", true, 0)));

        stage.delete();
        stage.ended();
        assertThat(stage.ledger.calls())
                .containsExactly(
                        "records.begin delete",
                        "records.enter remove",
                        "h1.remove",
                        "h1.remove",
                        "h1.remove",
                        "records.enter release",
                        "ports.release",
                        "allocations.release",
                        "quota.release",
                        "records.succeed deleted");
    }

    @Test
    void cancellingADeleteDoesNotStopIt() {
        stage.ledger.script("h1.remove", new Fault.Before(Stage.engine("ENGINE_UNAVAILABLE", true, 0)));
        stage.delete();
        stage.stub().cancel();
        // The SDK closes a run whose cancellation was requested as cancelled, whatever it did.
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.calls()).endsWith("records.succeed deleted");
    }

    @Test
    void anInvalidStateReachesTheCaller() {
        stage.ledger.script("records.begin stop", new Fault.Before(Stage.refusal(Refusal.INVALID_STATE)));
        assertThatThrownBy(stage::stop).isInstanceOf(WorkflowUpdateException.class);
        stage.ended();
        assertThat(stage.ledger.calls()).containsExactly("records.begin stop");
    }

    @Test
    void aSecondOperationIsRefusedWhileOneRuns() {
        stage.ledger.script("h1.deploy at 22000", new Fault.Hang());
        stage.create();
        assertThatThrownBy(stage::stop)
                .isInstanceOfAny(WorkflowExecutionAlreadyStarted.class, WorkflowServiceException.class);
    }

    @Test
    void aSecondDeleteJoinsTheFirst() {
        stage.ledger.script("h1.remove", new Fault.Hang());
        stage.delete();
        await().until(() -> stage.ledger.calls().contains("h1.remove"));
        assertThat(stage.delete()).isEqualTo(new Admission(stage.id));
        assertThat(stage.ledger.calls()).containsOnlyOnce("records.begin delete");
    }
}
