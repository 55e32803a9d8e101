package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Operations;
import io.remotegpu.db.environment.Interventions;
import io.remotegpu.db.environment.Operation;
import io.remotegpu.db.environment.OperationRepository;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.HandAnswer;
import io.remotegpu.workflows.environment.HandRequest;
import io.remotegpu.workflows.environment.Intervention;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What hangs is tried again, left out or given up by an operator; who did it is written down, and nothing is left behind. */
class OperatorsHandIT extends InstallationTest {

    private static final Duration SILENCE = Duration.ofSeconds(40);
    private static final int ALWAYS = 10_000;

    private final Gate gate = new Gate();

    @BeforeEach
    void oneHost() {
        installation.host(HOST, 2);
    }

    @AfterEach
    void endWhatWaits() {
        gate.open();
    }

    @Test
    void aCreateThatHangsInRetriesIsAbortedAndLeavesNothing() {
        installation.engineFaults(HOST).failBefore(DriverCall.DEPLOY, ErrorKind.ENGINE_UNAVAILABLE, ALWAYS);
        create();
        await().until(() -> installation.engineFaults(HOST).calls(DriverCall.DEPLOY) > 1);

        hand("abort", "the engine is broken");
        awaitEnd();

        assertFailed("aborted", Holdings.NOTHING);
        assertThat(installation.environment(id).failureReason()).isEqualTo("aborted by bob: the engine is broken");
        assertThat(events("aborted")).containsExactly("by bob: the engine is broken");
        assertThat(audit()).containsExactly("bob operation abort (step deploy) environment/" + id);
        assertThat(installation.driver(HOST).list()).isEmpty();
    }

    @Test
    void anAbortedStartIsStoppedAgainWithItsDataAndCanBeStartedOnceItsEngineWorks() {
        stopped();
        installation.engineFaults(HOST).failBefore(DriverCall.DEPLOY, ErrorKind.ENGINE_UNAVAILABLE, ALWAYS);
        operations.start(id);
        await().until(() -> installation.engineFaults(HOST).calls(DriverCall.DEPLOY) > 2);

        hand("abort", null);
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).failureCode()).isEqualTo("aborted");
        assertThat(installation.environment(id).unreturned()).isEmpty();
        assertThat(events("undone")).containsExactly("everything that it took was given back");
        installation.healEngine(HOST);
        operations.start(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void anUndoThatWaitsForADeadHostSaysSoKeepsWhatIsHeldAndEndsWhenTheHostIsBack() {
        installation.faults().before("Engine_remove", gate);
        installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.INVALID_SPEC, 1);
        create();
        gate.awaitArrival();
        installation.crashHost(HOST);

        assertThat(operation().compensating()).isTrue();
        assertThat(installation.environment(id).unreturned())
                .contains("the deployment on " + HOST, "host and GPUs", "ports", "quota");
        assertThat(noteWaiting()).as("nobody is silent yet").isZero();
        silent();
        assertThat(noteWaiting()).isEqualTo(1);
        assertThat(noteWaiting()).as("it is said once").isZero();
        assertThat(events("waiting")).singleElement().asString().contains("host " + HOST + " is silent", "keeps");
        assertThat(installation.holdings(id)).isEqualTo(Holdings.OF_A_RUNNING_TERMINAL);

        installation.startHost(HOST);
        awaitEnd();

        assertFailed("invalid_spec", Holdings.NOTHING);
        assertThat(operation().compensating()).isFalse();
    }

    @Test
    void whatFailsAgainAndAgainIsTriedAtOnceWhenAnOperatorSaysSo() {
        running();
        installation.engineFaults(HOST).failBefore(DriverCall.STOP, ErrorKind.ENGINE_UNAVAILABLE, ALWAYS);
        operations.stop(id);
        await().until(() -> installation.engineFaults(HOST).calls(DriverCall.STOP) > 0);

        hand("retry", null);
        installation.healEngine(HOST);
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(audit()).containsExactly("bob operation retry (step stop) environment/" + id);
    }

    @Test
    void onlyOnALostHostATakeDownIsLeftOut() {
        stopped();
        installation.crashHost(HOST);
        operations.delete(id);
        await().until(() -> operations.stub(id).describe().getRawDescription().getPendingActivitiesCount() > 0);

        assertThatThrownBy(() -> hand("skip", null))
                .isInstanceOf(WorkflowUpdateException.class)
                .satisfies(refused -> assertThat(Operations.refusal(refused)).contains("NOT_SKIPPABLE"))
                .rootCause()
                .hasMessageContaining("was not declared lost");
        assertThat(audit()).isEmpty();
        installation.bean(Hosts.class).lost(HOST);
        hand("skip", "it burned down");
        awaitEnd();

        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.DELETED);
        assertThat(installation.holdings(id)).isEqualTo(Holdings.NOTHING);
        assertThat(audit()).containsExactly("bob operation skip (step remove) environment/" + id);
        installation.startHost(HOST);
    }

    @Test
    void aWordThatIsWrittenDownTwiceIsThereOnce() {
        running();
        var records = installation.steps(EnvironmentRecords.class);
        var word = new Intervention("op/update", Intervention.Kind.RETRY, "stop", HOST, "bob", "again");

        records.intervene(operation().id(), id, word);
        records.intervene(operation().id(), id, word);

        assertThat(audit()).hasSize(1);
        assertThat(events("retried")).containsExactly("by bob: again");
    }

    private void hand(String update, String reason) {
        operations
                .stub(id)
                .update(
                        update,
                        HandAnswer.class,
                        new HandRequest("bob", reason, operation().id()));
    }

    private Operation operation() {
        return installation.bean(OperationRepository.class).last(id).orElseThrow();
    }

    private int noteWaiting() {
        return installation.bean(Interventions.class).noteWaiting(SILENCE);
    }

    /** Nobody has heard of any host for an hour, though somebody listened. */
    private void silent() {
        installation
                .jdbc()
                .sql("UPDATE operations SET started_at = started_at - interval '1 hour'")
                .update();
        installation.jdbc().sql("""
                        INSERT INTO host_watch (id, looked_at, hearing_since) VALUES (1, now(), now() - interval '1 hour')
                        ON CONFLICT (id) DO UPDATE SET looked_at = now(), hearing_since = now() - interval '1 hour'""").update();
    }

    private List<String> audit() {
        return installation
                .jdbc()
                .sql("SELECT actor || ' ' || action || ' ' || subject FROM audit_log WHERE key IS NOT NULL ORDER BY id")
                .query(String.class)
                .list();
    }
}
