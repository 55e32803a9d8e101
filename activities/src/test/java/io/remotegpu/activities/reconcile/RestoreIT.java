package io.remotegpu.activities.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.SavedRows;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.reconcile.Finding;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One of the two stores is restored from a copy that is older than the other: the reconciler brings them together. Nobody's
 * data is removed, nothing is held twice, and only what a person has to decide is left to be said.
 */
class RestoreIT extends OnRealTemporal {

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    @BeforeEach
    void aHost() {
        installation.host(HOST, 8);
    }

    @Test
    void aDatabaseThatIsOlderThanTemporalAndTheEngines() {
        var kept = create("kept");
        var stoppedSince = create("stopped-since");
        var deletedSince = create("deleted-since");
        var startedSince = create("started-since");
        stop(startedSince);
        var deletedWhileStopped = create("deleted-while-stopped");
        stop(deletedWhileStopped);
        // In the middle of its stop when the dump is made.
        running();
        installation.faults().before("Engine_stop", gate);
        operations.stop(id);
        gate.awaitArrival();

        var dump = SavedRows.of(installation.jdbc());
        gate.open();
        awaitEnd();
        stop(stoppedSince);
        delete(deletedSince);
        delete(deletedWhileStopped);
        operations.start(startedSince);
        operations.awaitEnd(startedSince);
        var createdSince = create("created-since");
        // In the middle of its delete when the dump is restored.
        var second = new Gate();
        installation.faults().before("Engine_remove", () -> {
            second.run();
            throw new IllegalStateException("its worker ended with the restore");
        });
        operations.delete(kept);
        second.awaitArrival();
        dump.restore();
        second.open();

        untilOnlyThisIsSaid("unknown_environment", "data_missing");

        assertThat(installation.bean(Invariants.class).violations()).isEmpty();
        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.STOPPED);
        assertThat(installation.holdings(id)).isEqualTo(Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(startedSince).status()).isEqualTo(EnvironmentStatus.STOPPED);
        assertThat(installation.environment(stoppedSince).failureCode()).isEqualTo("ended");
        assertThat(installation.environment(deletedSince).failureCode()).isEqualTo("ended");
        assertThat(installation.environment(deletedWhileStopped).status()).isEqualTo(EnvironmentStatus.STOPPED);
        // Nobody knows it: it is stopped, and its data stays.
        assertThat(installation.driver(HOST).running(createdSince)).isEmpty();
        assertThat(installation.driver(HOST).list()).contains(createdSince);
        // A delete that was tried once more before its workflow was ended may have come through; else it runs on.
        assertThat(installation.environment(kept).status()).isIn(EnvironmentStatus.RUNNING, EnvironmentStatus.FAILED);

        // What a person decides.
        installation.driver(HOST).remove(createdSince);
        delete(deletedSince);
        delete(deletedWhileStopped);
        delete(kept);
        for (var again : Set.of(stoppedSince, startedSince, id)) {
            operations.start(again);
            operations.awaitEnd(again);
            assertThat(installation.environment(again).status()).isEqualTo(EnvironmentStatus.RUNNING);
        }
        reconciler.pass();
        assertThat(reconciler.open()).isEmpty();
        installation.assertSound();
    }

    @Test
    void aTemporalThatIsOlderThanTheDatabaseAndTheEngines() {
        var startedSince = create("started-since");
        stop(startedSince);
        // In the middle of their creates when the copy is made.
        var deleted = UUID.randomUUID();
        var second = new Gate();
        installation.faults().before("Engine_deploy", gate);
        installation.faults().before("Engine_deploy", second);
        create();
        operations.create(installation.user(), deleted, Specs.terminal("deleted", 1));
        gate.awaitArrival();
        second.awaitArrival();

        server.backUp();
        gate.open();
        second.open();
        awaitEnd();
        operations.awaitEnd(deleted);
        stop(id);
        delete(deleted);
        var createdSince = create("created-since");
        var third = new Gate();
        installation.faults().after("Engine_deploy", third);
        operations.start(startedSince);
        third.awaitArrival();
        server.restore();
        third.open();

        untilOnlyThisIsSaid();

        assertThat(installation.environment(id).status()).isEqualTo(EnvironmentStatus.STOPPED);
        assertThat(installation.environment(deleted).status()).isEqualTo(EnvironmentStatus.DELETED);
        assertThat(installation.environment(createdSince).status()).isEqualTo(EnvironmentStatus.RUNNING);
        // Its start is gone, and was undone.
        assertThat(installation.environment(startedSince).failureCode()).isEqualTo("workflow_lost");
        installation.assertSound();
        for (var again : Set.of(id, startedSince)) {
            operations.start(again);
            operations.awaitEnd(again);
            assertThat(installation.environment(again).status()).isEqualTo(EnvironmentStatus.RUNNING);
        }
        installation.assertSound();
    }

    /** Until no operation is open, no workflow is left, and no other check finds anything, twice in a row. */
    private void untilOnlyThisIsSaid(String... checks) {
        var expected = new TreeSet<>(Set.of(checks));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            reconciler.passes(2);
            var said = reconciler.open().stream().map(Finding::check).collect(Collectors.toCollection(TreeSet::new));
            return said.equals(expected)
                    && workflows.operations().isEmpty()
                    && installation
                            .jdbc()
                            .sql("SELECT count(*) FROM operations WHERE ended_at IS NULL")
                            .query(Integer.class)
                            .single()
                            .equals(0);
        });
    }

    private void stop(UUID environment) {
        operations.stop(environment);
        operations.awaitEnd(environment);
        assertThat(installation.environment(environment).status()).isEqualTo(EnvironmentStatus.STOPPED);
    }

    private void delete(UUID environment) {
        operations.delete(environment);
        operations.awaitEnd(environment);
        assertThat(installation.environment(environment).status()).isEqualTo(EnvironmentStatus.DELETED);
    }
}
