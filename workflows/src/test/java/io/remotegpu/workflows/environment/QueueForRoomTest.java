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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueForRoomTest {

    private static final Duration DAY = Duration.ofDays(1);

    private final Stage stage = new Stage();

    @BeforeEach
    void thereIsNoRoom() {
        stage.ledger.script("allocations.allocate without []", new Fault.Before(Stage.refusal(Refusal.NO_CAPACITY)));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void itIsAdmittedAndWaitsAndSaysWhere() {
        assertThat(stage.create(DAY)).isEqualTo(new Admission(stage.id));

        await().until(() -> stage.progress().queue() != null);
        assertThat(stage.progress())
                .isEqualTo(new OperationProgress(
                        "queue", List.of("admit"), false, new QueueProgress(2, 5, "no GPU is free")));
        assertThat(stage.ledger.held()).containsExactlyInAnyOrder("record", "quota", "place in the queue");
    }

    @Test
    void awakeItLooksAndWithItsPlaceItGoesOn() {
        stage.create(DAY);
        stage.wake();
        await().until(() -> stage.ledger.calls().contains("allocations.turn"));
        assertThat(stage.ledger.held()).contains("place in the queue");

        stage.ledger.hold("room");
        stage.wake();
        stage.wake();
        stage.ended();

        assertThat(stage.ledger.calls())
                .endsWith(
                        "allocations.turn",
                        "ports.lease",
                        "records.enter deploy",
                        "h1.deploy at 22000",
                        "records.succeed running");
        assertThat(stage.progress())
                .isEqualTo(new OperationProgress("running", List.of("admit", "queue", "deploy"), false));
        assertThat(stage.ledger.held()).doesNotContain("place in the queue");
    }

    @Test
    void withRoomAfterAllItNeverWaits() {
        stage.ledger.hold("room");
        stage.create(DAY);
        stage.ended();
        assertThat(stage.ledger.calls())
                .doesNotContain("allocations.turn", "allocations.leaveQueue")
                .endsWith("records.succeed running");
    }

    @Test
    void aMissedWakeUpStrandsNobody() {
        stage.create(DAY);
        await().until(() -> stage.progress().queue() != null);
        stage.ledger.hold("room");

        stage.temporal.sleep(Duration.ofMinutes(10));

        stage.ended();
        assertThat(stage.ledger.calls()).endsWith("records.succeed running");
    }

    @Test
    void itLooksEverMoreSeldomSoThatADayIsAShortStory() {
        stage.create(DAY);
        stage.temporal.sleep(DAY.minusHours(1));
        assertThat(stage.ledger.calls().stream().filter("allocations.turn"::equals))
                .hasSizeBetween(23 * 6 - 2, 23 * 6 + 10);
    }

    @Test
    void afterItsDeadlineItFailsAndHoldsNothing() {
        stage.create(Duration.ofMinutes(45));
        stage.temporal.sleep(Duration.ofMinutes(44));
        assertThat(stage.ledger.held()).contains("place in the queue");
        stage.temporal.sleep(Duration.ofMinutes(2));

        assertThatThrownBy(stage::ended)
                .isInstanceOf(WorkflowFailedException.class)
                .hasStackTraceContaining("in the time that it wanted to wait: no GPU is free");
        assertThat(stage.ledger.calls())
                .endsWith(
                        "records.fail wait_timeout [its place in the queue, host and GPUs, quota]",
                        "allocations.leaveQueue",
                        "allocations.release",
                        "quota.release",
                        "records.settle");
        assertThat(stage.ledger.held()).containsExactly("record");
    }

    @Test
    void aDeleteEndsTheWaiting() {
        stage.create(DAY);
        assertThat(stage.delete()).isEqualTo(new Admission(stage.id));
        stage.ended();
        assertThat(stage.ledger.calls())
                .containsSubsequence(
                        "records.fail cancelled [its place in the queue, host and GPUs, quota]",
                        "allocations.leaveQueue",
                        "allocations.release",
                        "quota.release",
                        "records.settle",
                        "records.begin delete",
                        "records.succeed deleted");
        assertThat(stage.ledger.held()).isEmpty();
    }

    @Test
    void aWaitThatCannotBeginIsARefusal() {
        stage.ledger.script("allocations.queue", new Fault.After(Stage.refusal(Refusal.INVALID_STATE)));
        assertThatThrownBy(() -> stage.create(DAY)).isInstanceOf(WorkflowUpdateException.class);
        stage.ended();
        assertThat(stage.ledger.held()).isEmpty();
    }

    @Test
    void aQueuedStartThatIsStoppedIsAsItWasBefore() {
        stage.start(DAY);
        assertThat(stage.stopWaiting()).isEqualTo(new Admission(stage.id));
        stage.ended();
        assertThat(stage.ledger.calls())
                .endsWith(
                        "allocations.queue",
                        "allocations.leaveQueue",
                        "allocations.release",
                        "quota.releaseCompute",
                        "records.abandonWait cancelled");
        assertThat(stage.ledger.held()).isEmpty();
    }

    @Test
    void aQueuedStartThatIsDeletedIsThatAndThenDeleted() {
        stage.start(DAY);
        stage.delete();
        stage.ended();
        assertThat(stage.ledger.calls())
                .containsSubsequence("records.abandonWait cancelled", "records.begin delete")
                .endsWith("records.succeed deleted");
    }

    @Test
    void aQueuedStartAfterItsDeadlineIsAsItWasBeforeAndTheRunFailed() {
        stage.start(Duration.ofSeconds(10));
        stage.temporal.sleep(Duration.ofSeconds(12));
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.calls())
                .endsWith("quota.releaseCompute", "records.abandonWait wait_timeout")
                .doesNotContain("records.settle");
    }

    @Test
    void aStartThatNoLongerWaitsIsNotStoppedByThat() {
        stage.ledger.script("h1.deploy at 22000", new Fault.Hang());
        stage.start(DAY);
        stage.ledger.hold("room");
        stage.wake();
        await().until(() -> stage.ledger.calls().contains("h1.deploy at 22000"));

        for (Runnable late : List.<Runnable>of(stage::stopWaiting, stage::delete)) {
            assertThatThrownBy(late::run)
                    .isInstanceOf(WorkflowUpdateException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            ApplicationFailure.class,
                            refused -> assertThat(refused.getType()).isEqualTo("INVALID_STATE"));
        }
        stage.stub().cancel();
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgain() {
        for (var call : new String[] {"allocations.queue", "allocations.turn", "allocations.leaveQueue"}) {
            stage.ledger.script(call, new Fault.After(new IllegalStateException("the answer was lost")));
        }
        stage.create(Duration.ofMinutes(1));
        stage.temporal.sleep(Duration.ofMinutes(2));
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.held()).containsExactly("record");
    }
}
