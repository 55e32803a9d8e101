package io.remotegpu.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.workflows.environment.Ledger.Fault;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CreateEnvironmentTest {

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void takesEachThingInOrderAndThenRuns() {
        assertThat(stage.create()).isEqualTo(new Admission(stage.id));
        stage.ended();

        assertThat(stage.ledger.calls())
                .containsExactly("admission.create", "h1.deploy at 22000", "records.succeed running");
        assertThat(stage.progress()).isEqualTo(new OperationProgress("running", List.of("admit", "deploy"), false));
    }

    @Test
    void aRefusalReachesTheCallerAndLeavesNothing() {
        stage.ledger.script("admission.create", new Fault.Before(Stage.refusal(Refusal.QUOTA_EXCEEDED)));

        assertThatThrownBy(stage::create)
                .isInstanceOf(WorkflowUpdateException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ApplicationFailure.class,
                        refused -> assertThat(refused.getType()).isEqualTo("QUOTA_EXCEEDED"));
        stage.ended();
        assertThat(stage.ledger.held()).isEmpty();
        assertThat(stage.ledger.calls()).containsExactly("admission.create", "records.withdraw");
    }

    @Test
    void anAdmissionThatHappenedAndFailedAllTheSameIsWithdrawn() {
        stage.ledger.script("admission.create", new Fault.After(Stage.refusal(Refusal.INVALID_STATE)));

        assertThatThrownBy(stage::create).isInstanceOf(WorkflowUpdateException.class);
        stage.ended();
        assertThat(stage.ledger.held()).isEmpty();
    }

    @Test
    void aRefusedRequestTakesNothingFromTheEnvironmentThatHasItsId() {
        for (var held : List.of("record of another operation", "quota", "gpus", "ports")) {
            stage.ledger.hold(held);
        }
        stage.ledger.script("admission.create", new Fault.Before(Stage.refusal(Refusal.IDEMPOTENCY_KEY_REUSED)));

        assertThatThrownBy(stage::create).isInstanceOf(WorkflowUpdateException.class);
        stage.ended();
        assertThat(stage.ledger.held())
                .containsExactlyInAnyOrder("record of another operation", "quota", "gpus", "ports");
    }

    @Test
    void aFailedDeployIsToldAtOnceAndEverythingIsGivenBackInReverse() {
        stage.ledger.script("h1.deploy at 22000", new Fault.After(Stage.engine("IMAGE_NOT_FOUND", false, 0)));

        stage.create();
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.held()).containsExactly("record");
        assertThat(stage.ledger.calls())
                .endsWith(
                        "records.fail image_not_found [the deployment on h1, ports, host and GPUs, quota]",
                        "h1.remove",
                        "ports.release",
                        "allocations.release",
                        "quota.release",
                        "records.settle");
    }

    @Test
    void anUndoThatFailsIsRetriedAndHoldsBackThoseBeforeIt() {
        stage.ledger.script("h1.deploy at 22000", new Fault.After(Stage.engine("INVALID_SPEC", false, 0)));
        stage.ledger.script("h1.remove", new Fault.Before(Stage.engine("ENGINE_UNAVAILABLE", true, 0)));
        stage.ledger.script("h1.remove", new Fault.Before(Stage.engine("CONFLICT", true, 0)));

        stage.create();
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.held()).containsExactly("record");
        assertThat(stage.ledger.calls())
                .containsSubsequence("h1.remove", "h1.remove", "h1.remove", "ports.release", "allocations.release");
    }

    @Test
    void aPortTakenByAForeignProcessIsSetAsideAndAnotherIsUsed() {
        stage.ledger.script("h1.deploy at 22000", new Fault.After(Stage.engine("PORT_TAKEN", false, 22000)));

        stage.create();
        stage.ended();
        assertThat(stage.ledger.calls())
                .endsWith(
                        "h1.deploy at 22000",
                        "ports.setAside 22000",
                        "ports.lease",
                        "h1.deploy at 22001",
                        "records.succeed running");
    }

    @Test
    void portsAreNotTriedForEver() {
        for (int port = 22000; port < 22010; port++) {
            stage.ledger.script("h1.deploy at " + port, new Fault.After(Stage.engine("PORT_TAKEN", false, port)));
        }

        stage.create();
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.calls()).contains("h1.deploy at 22004").doesNotContain("h1.deploy at 22005");
        assertThat(stage.ledger.held()).containsExactly("record");
    }

    @Test
    void aHostWithoutRoomAfterAllIsLeftCleanAndAnotherTakesIt() {
        stage.ledger.script("h1.deploy at 22000", new Fault.After(Stage.engine("NO_CAPACITY", false, 0)));

        stage.create();
        stage.ended();
        assertThat(stage.ledger.calls())
                .endsWith(
                        "h1.remove",
                        "ports.release",
                        "allocations.release",
                        "allocations.allocate without [h1]",
                        "ports.lease",
                        "h2.deploy at 22000",
                        "records.succeed running");
        assertThat(stage.ledger.held()).contains("container on h2").doesNotContain("container on h1");
    }

    @Test
    void aHostWhoseAgentNeverTakesItUpIsReplacedWithoutWaitingForIt() {
        stage.ledger.script("h1.deploy at 22000", new Fault.After(Stage.engine("NO_CAPACITY", false, 0)));
        stage.ledger.script("h2.deploy at 22000", new Fault.After(Stage.engine("NO_CAPACITY", false, 0)));

        stage.create();
        await().until(() -> stage.ledger.calls().contains("allocations.allocate without [h1, h2]"));
        stage.temporal.sleep(Duration.ofMinutes(2));
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.calls())
                .contains("allocations.allocate without [h1, h2]")
                .doesNotContain("h3.remove")
                .endsWith("records.settle");
        assertThat(stage.ledger.held()).containsExactly("record");
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgain() {
        for (var call : List.of("admission.create", "records.succeed running")) {
            stage.ledger.script(call, new Fault.After(new IllegalStateException("the answer was lost")));
        }
        stage.ledger.script("h1.deploy at 22000", new Fault.After(Stage.engine("OUTCOME_UNKNOWN", true, 0)));

        stage.create();
        stage.ended();
        assertThat(stage.ledger.calls()).endsWith("records.succeed running");
    }

    @Test
    void deleteDuringCreateRollsBackAndThenDeletes() {
        stage.ledger.script("h1.deploy at 22000", new Fault.Hang());
        stage.create();
        await().until(() -> stage.ledger.held().contains("container on h1"));

        assertThat(stage.delete()).isEqualTo(new Admission(stage.id));
        stage.ended();
        assertThat(stage.ledger.held()).isEmpty();
        assertThat(stage.ledger.calls())
                .containsSubsequence(
                        "h1.remove", "ports.release", "allocations.release", "quota.release", "records.settle")
                .endsWith("records.succeed deleted");
    }

    @Test
    void aRequestThatWasCarriedOutBeforeIsAdmittedAndDoesNothing() {
        stage.ledger.hold("record of another operation");
        assertThat(stage.create()).isEqualTo(new Admission(stage.id));
        stage.ended();
        assertThat(stage.ledger.calls()).containsExactly("admission.create");
    }

    @Test
    void theSameCreateAgainGetsTheSameAdmission() {
        stage.ledger.script("h1.deploy at 22000", new Fault.Hang());
        stage.create();
        assertThat(stage.create()).isEqualTo(new Admission(stage.id));
        assertThat(stage.ledger.calls()).containsOnlyOnce("admission.create");
        stage.stub().cancel();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stage.ledger.held()).containsExactly("record"));
    }
}
