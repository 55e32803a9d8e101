package io.remotegpu.workflows.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.workflows.environment.Ledger.Fault;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator can do about a step that hangs, and what is refused. */
class OperatorsHandTest {

    private static final String DEPLOY = "h1.deploy at 22000";

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aDeployThatHangsIsEndedAndTriedAgain() {
        hangs(DEPLOY);
        stage.create();
        awaitCall(DEPLOY);

        assertThat(stage.hand("retry").message()).contains("a new attempt of 'deploy' on h1");

        stage.ended();
        assertThat(stage.ledger.calls())
                .endsWith(
                        "admission.create",
                        DEPLOY,
                        "records.intervene retry deploy on h1 by bob",
                        DEPLOY,
                        "records.succeed running");
    }

    @Test
    void aTakeDownThatHangsIsEndedAndTriedAgainAsOftenAsWanted() {
        hangs("h1.stop");
        hangs("h1.stop");
        stage.stop();
        awaitCalls("h1.stop", 1);
        stage.hand("retry");
        awaitCalls("h1.stop", 2);
        stage.hand("retry");

        stage.ended();
        awaitCalls("h1.stop", 3);
        assertThat(stage.ledger.calls()).endsWith("records.succeed stopped");
    }

    @Test
    void whatFailsAgainAndAgainIsTriedWithoutWaitingForItsTurn() {
        for (int attempt = 1; attempt <= 3; attempt++) {
            stage.ledger.script("h1.remove", new Fault.Before(Stage.engine("ENGINE_UNAVAILABLE", true, 0)));
        }
        stage.delete();
        awaitCall("h1.remove");
        stage.hand("retry");
        stage.ended();
        assertThat(stage.ledger.calls()).endsWith("records.succeed deleted");
    }

    @Test
    void anUndoThatHangsIsTriedAgain() {
        stage.ledger.script(DEPLOY, new Fault.After(Stage.engine("INVALID_SPEC", false, 0)));
        hangs("h1.remove");
        stage.create();
        awaitCall("h1.remove");
        assertThat(stage.progress().undoing()).isTrue();

        stage.hand("retry");

        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.held()).containsExactly("record");
    }

    @Test
    void anAbortedCreateHasFailedAndGivesEverythingBack() {
        hangs(DEPLOY);
        stage.create();
        awaitCall(DEPLOY);

        stage.hand("abort", new HandRequest("bob", "the image is broken", null));

        assertThatThrownBy(stage::ended)
                .isInstanceOf(WorkflowFailedException.class)
                .rootCause()
                .hasMessageContaining("aborted by bob: the image is broken");
        assertThat(stage.ledger.held()).containsExactly("record");
        assertThat(stage.ledger.calls())
                .endsWith(
                        "records.intervene abort deploy on h1 by bob",
                        "records.fail aborted [the deployment on h1, ports, host and GPUs, quota]",
                        "h1.remove",
                        "ports.release",
                        "allocations.release",
                        "quota.release",
                        "records.settle");
    }

    @Test
    void anAbortedStartIsStoppedAgain() {
        hangs(DEPLOY);
        stage.start();
        awaitCall(DEPLOY);

        stage.hand("abort");

        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.calls())
                .endsWith(
                        "records.intervene abort deploy on h1 by bob",
                        "records.giveUp aborted [the deployment on h1, host and GPUs, quota]",
                        "h1.stop",
                        "allocations.release",
                        "quota.releaseCompute",
                        "records.abandonWait aborted");
    }

    @Test
    void anAbortTwiceIsOne() {
        hangs(DEPLOY);
        hangs("h1.remove");
        stage.create();
        awaitCall(DEPLOY);
        stage.hand("abort");
        awaitCall("h1.remove");

        assertThat(stage.hand("abort").message()).contains("given up");

        stage.hand("retry");
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.calls()).containsOnlyOnce("records.intervene abort deploy on h1 by bob");
    }

    @Test
    void whatWaitsForRoomCanBeAborted() {
        stage.ledger.script("allocations.allocate without []", new Fault.Before(Stage.refusal(Refusal.NO_CAPACITY)));
        stage.create(Duration.ofHours(1));

        stage.hand("abort");

        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
        assertThat(stage.ledger.held()).containsExactly("record");
        assertThat(stage.ledger.calls()).contains("records.intervene abort queue on null by bob");
    }

    @Test
    void aTakeDownIsLeftOutWhereTheRowsAllowIt() {
        hangs("h1.remove");
        stage.delete();
        awaitCall("h1.remove");
        stage.ledger.script(
                "records.intervene skip remove on h1 by bob", new Fault.Before(Stage.refusal(Refusal.NOT_SKIPPABLE)));

        refused(Refusal.NOT_SKIPPABLE, () -> stage.hand("skip"));
        assertThat(stage.ledger.calls()).containsOnlyOnce("h1.remove");
        stage.hand("skip");

        stage.ended();
        assertThat(stage.ledger.calls()).containsOnlyOnce("h1.remove").endsWith("records.succeed deleted");
    }

    @Test
    void whatCannotBeDoneIsRefusedAndLeavesNothingInTheHistory() {
        hangs("h1.stop");
        stage.stop();
        awaitCall("h1.stop");
        var before = stage.history().getEvents().size();

        refused(Refusal.NOT_ABORTABLE, () -> stage.hand("abort"));
        refused(Refusal.OPERATION_OVER, () -> stage.hand("retry", new HandRequest("bob", null, "another")));
        Stream.of(null, "", " ", "x".repeat(101), "a\0b", "a\nb")
                .forEach(by ->
                        refused(Refusal.INVALID_REQUEST, () -> stage.hand("retry", new HandRequest(by, null, null))));
        Stream.of("x".repeat(501), "a\u001bb")
                .forEach(why ->
                        refused(Refusal.INVALID_REQUEST, () -> stage.hand("retry", new HandRequest("bob", why, null))));

        assertThat(stage.history().getEvents().stream().skip(before))
                .noneMatch(event -> event.getEventType().name().contains("UPDATE"));
        assertThat(stage.ledger.calls()).noneMatch(call -> call.startsWith("records.intervene"));
        stage.hand("retry");
        stage.ended();
    }

    @Test
    void aDeployIsNotLeftOut() {
        hangs(DEPLOY);
        stage.create();
        awaitCall(DEPLOY);
        refused(Refusal.NOT_SKIPPABLE, () -> stage.hand("skip"));
        stage.hand("retry");
        stage.ended();
    }

    @Test
    void aRollbackIsNotAborted() {
        stage.ledger.script(DEPLOY, new Fault.After(Stage.engine("INVALID_SPEC", false, 0)));
        hangs("h1.remove");
        stage.create();
        awaitCall("h1.remove");
        refused(Refusal.NOT_ABORTABLE, () -> stage.hand("abort"));
        stage.hand("retry");
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
    }

    @Test
    void whatWaitsForRoomHasNothingToRetryOrSkip() {
        stage.ledger.script("allocations.allocate without []", new Fault.Before(Stage.refusal(Refusal.NO_CAPACITY)));
        stage.create(Duration.ofHours(1));
        refused(Refusal.NOTHING_TO_RETRY, () -> stage.hand("retry"));
        refused(Refusal.NOT_SKIPPABLE, () -> stage.hand("skip"));
        stage.hand("abort");
        assertThatThrownBy(stage::ended).isInstanceOf(WorkflowFailedException.class);
    }

    private void hangs(String call) {
        stage.ledger.script(call, new Fault.Hang());
    }

    private void awaitCall(String call) {
        await().atMost(Duration.ofSeconds(30)).until(() -> stage.ledger.calls().contains(call));
    }

    private void awaitCalls(String call, int times) {
        await().atMost(Duration.ofSeconds(30)).until(() -> Collections.frequency(stage.ledger.calls(), call) == times);
    }

    private static void refused(Refusal refusal, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(WorkflowUpdateException.class)
                .cause()
                .isInstanceOfSatisfying(ApplicationFailure.class, refused -> {
                    assertThat(Refusal.of(refused)).contains(refusal);
                    assertThat(refusal.message(refused)).isNotBlank().doesNotContain(refusal.name());
                });
    }
}
