package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Operations;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Waiting for capacity, through workflows, steps, rows and PostgreSQL's notifications. */
class QueueIT extends InstallationTest {

    @BeforeAll
    static void install() {
        installation = Installation.inRealTime();
    }

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Holdings QUOTA_ONLY = new Holdings(0, 0, 0, 1, 1);

    @Test
    void aStopLetsTheNextOneGoAtOnce() {
        installation.host(HOST, 1);
        var holder = create("holder");
        queued(id, 1);
        assertThat(installation.holdings(id)).isEqualTo(QUOTA_ONLY);

        operations.stop(holder);

        // Well before the dispatcher or the workflow would look by themselves.
        await().atMost(Duration.ofSeconds(4)).until(() -> status(id) != EnvironmentStatus.QUEUED);
        awaitEnd();
        operations.awaitEnd(holder);
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void aHostThatIsAddedLetsThemGo() {
        queued(id, 1);
        var without = UUID.randomUUID();
        assertThatThrownBy(() -> operations.create(installation.user(), without, Specs.terminal("without", 1)))
                .satisfies(refused -> assertThat(Operations.refusal(refused)).contains("NO_CAPACITY"));

        installation.host(HOST, 1);

        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void afterItsDeadlineItHasFailedAndHoldsNothing() {
        operations.createOrWait(installation.user(), id, Specs.terminal("train", 1), Duration.ofMillis(300));
        awaitEnd();

        assertFailed("wait_timeout", Holdings.NOTHING);
        assertThat(installation.environment(id).failureReason()).contains("no host offers simulated");
        delete();
    }

    @Test
    void aDeleteWhileItWaitsLeavesNothingAndLetsThoseBehindItGo() {
        installation.host(HOST, 2);
        var holder = create("holder");
        queued(id, 2);
        var behind = UUID.randomUUID();
        queued(behind, 1);

        operations.delete(id);
        awaitEnd();

        operations.awaitEnd(behind);
        assertStatus(EnvironmentStatus.DELETED, Holdings.NOTHING);
        assertThat(status(behind)).isEqualTo(EnvironmentStatus.RUNNING);
        assertThat(status(holder)).isEqualTo(EnvironmentStatus.RUNNING);
        installation.assertSound();
    }

    @Test
    void aQueuedStartIsStoppedDeletedOrServed() {
        installation.host(HOST, 1);
        stopped();
        var holder = create("holder");

        operations.start(id, HOUR);
        assertThat(status(id)).isEqualTo(EnvironmentStatus.QUEUED);
        operations.stopWaiting(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).failureReason()).isNull();

        operations.start(id, Duration.ofMillis(300));
        awaitEnd();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).failureCode()).isEqualTo("wait_timeout");

        operations.start(id, HOUR);
        operations.stop(holder);
        awaitEnd();
        operations.awaitEnd(holder);
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.environment(id).failureReason()).isNull();

        operations.start(holder, HOUR);
        operations.delete(holder);
        operations.awaitEnd(holder);
        assertThat(installation.holdings(holder)).isEqualTo(Holdings.NOTHING);
        installation.assertSound();
    }

    @Test
    void everybodyIsServedInTurnWhenEachOneEndsAndNobodyIsStranded() {
        installation.host(HOST, 2);
        installation.host(OTHER_HOST, 2);
        var waiting = new ArrayList<UUID>();
        for (int i = 0; i < 24; i++) {
            var next = UUID.randomUUID();
            operations.createOrWait(installation.user(), next, Specs.terminal("e-" + i, 1 + i % 2), HOUR);
            waiting.add(next);
        }
        var served = new ArrayList<UUID>();
        while (!waiting.isEmpty()) {
            await().atMost(Duration.ofSeconds(60)).until(() -> !running(waiting).isEmpty());
            var now = running(waiting);
            now.forEach(done -> {
                operations.awaitEnd(done);
                operations.delete(done);
            });
            waiting.removeAll(now);
            served.addAll(now);
        }
        served.forEach(operations::awaitEnd);
        assertThat(installation.bean(CapacityQueue.class).places(Set.copyOf(served)))
                .isEmpty();
        installation.assertSound();
    }

    private List<UUID> running(List<UUID> among) {
        return among.stream()
                .filter(other -> status(other) == EnvironmentStatus.RUNNING)
                .toList();
    }

    private void queued(UUID which, int gpus) {
        operations.createOrWait(installation.user(), which, Specs.terminal("e-" + which, gpus), HOUR);
        assertThat(status(which)).isEqualTo(EnvironmentStatus.QUEUED);
    }

    private static EnvironmentStatus status(UUID which) {
        return installation.environment(which).status();
    }
}
