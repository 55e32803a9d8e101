package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.Gate;
import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.HostWatching;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.user.UserAccounts;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An account is deactivated: what its user runs ends, whatever it is in the middle of. */
class DeactivatedUserIT extends InstallationTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String REASON = "the account of its owner 'alice' was deactivated";

    private static HostWatching watching;

    private final Gate gate = new Gate();

    @BeforeAll
    static void install() {
        // What waits for room waits in real time.
        installation = Installation.inRealTime();
        watching = new HostWatching(installation);
    }

    @AfterAll
    static void stopWatching() {
        watching.close();
    }

    @AfterEach
    void endWhatWaits() {
        gate.open();
    }

    @Test
    void whatRunsIsStoppedOnceAndSaysWhy() {
        installation.host(HOST, 2);
        running();
        assertThat(watching.look()).isEmpty();

        deactivate(true);
        assertThat(watching.look()).containsExactly("stopping 'train': " + REASON);
        awaitEnd();

        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(id).stopReason()).isEqualTo(REASON);
        assertThat(watching.look()).isEmpty();
        assertThat(audit()).containsExactly("automatic deactivation stop begun");
    }

    @Test
    void nothingIsStoppedWhereItIsSetSoOrTheUserIsBackBeforeItBegan() {
        installation.host(HOST, 2);
        running();
        deactivate(false);
        assertThat(watching.look()).isEmpty();

        deactivate(true);
        accounts().activate(installation.user());
        assertThat(watching.look()).isEmpty();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    @Test
    void aCreateUnderWayIsGivenUpAndHoldsNothing() {
        installation.host(HOST, 2);
        installation.faults().before("Engine_deploy", gate);
        create();
        gate.awaitArrival();

        deactivate(true);
        assertThat(watching.look()).containsExactly("giving up 'train': " + REASON);
        gate.open();
        awaitEnd();

        assertFailed("aborted", Holdings.NOTHING);
        assertThat(installation.environment(id).failureReason()).isEqualTo("aborted by deactivation: " + REASON);
        assertThat(watching.look()).isEmpty();
    }

    @Test
    void whatWaitsForRoomIsGivenUp() {
        installation.host(HOST, 1);
        stopped();
        var holder = create("holder");
        operations.start(id, HOUR);
        var waiting = UUID.randomUUID();
        operations.createOrWait(installation.user(), waiting, Specs.terminal("waiting", 1), HOUR);

        deactivate(true);
        // Room that the one which is stopped leaves may be given before the others are given up; then they are stopped.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            watching.look();
            return List.of(id, holder, waiting).stream()
                    .allMatch(one -> List.of(EnvironmentStatus.STOPPED, EnvironmentStatus.FAILED)
                            .contains(installation.environment(one).status()));
        });
        List.of(id, holder, waiting).forEach(operations::awaitEnd);

        assertThat(watching.look()).isEmpty();
        assertStatus(EnvironmentStatus.STOPPED, Holdings.OF_A_STOPPED_TERMINAL);
        assertThat(installation.environment(holder).status()).isEqualTo(EnvironmentStatus.STOPPED);
    }

    @Test
    void whatAnAdminStartsAfterwardsGoesOn() {
        installation.host(HOST, 1);
        running();
        deactivate(true);
        watching.look();
        awaitEnd();

        installation
                .jdbc()
                .sql("INSERT INTO users (username, email, password_hash) VALUES ('bob', 'bob@example.com', 'x')")
                .update();
        operations.startFor("bob", id);
        awaitEnd();

        assertThat(watching.look()).isEmpty();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
    }

    private void deactivate(boolean stops) {
        assertThat(accounts().deactivate(installation.user(), Instant.now(), stops))
                .isPresent();
    }

    private static UserAccounts accounts() {
        return installation.bean(UserAccounts.class);
    }

    private List<String> audit() {
        return installation
                .jdbc()
                .sql("SELECT origin || ' ' || actor || ' ' || action FROM audit_log WHERE subject = ? ORDER BY id")
                .param("environment/" + id)
                .query(String.class)
                .list();
    }
}
