package io.remotegpu.db.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.Together;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class HostWatchIT extends DatabaseTest {

    private static final Duration SILENCE = Duration.ofSeconds(40);
    private static final Capacity CAPACITY =
            new Capacity(64, 512 * GIB, Set.of(DeploymentMode.DOCKER), Map.of(), List.of());

    @Autowired
    private HostWatch watch;

    @Autowired
    private HostRepository repository;

    @Autowired
    private HostEvents events;

    @Autowired
    private DrainedEnvironments drained;

    @Autowired
    private HostEnvironments there;

    @BeforeEach
    void somebodyHasListenedForLong() {
        jdbc.sql("DELETE FROM host_watch").update();
        jdbc.sql("INSERT INTO host_watch VALUES (1, clock_timestamp(), clock_timestamp() - interval '1 day')")
                .update();
    }

    private void silentFor(String id, int seconds) {
        jdbc.sql("""
                        UPDATE hosts SET last_heartbeat = clock_timestamp() - :seconds * interval '1 second',
                            status_since = clock_timestamp() - interval '1 day' WHERE id = :id""").param("seconds", seconds).param("id", id).update();
    }

    private HostStatus statusOf(String id) {
        return repository.findById(id).orElseThrow().status();
    }

    @Test
    void aSilentHostIsQuarantinedKeepsWhatItHasAndIsActiveAgainWhenItIsHeardOf() {
        host("host-1", 1);
        host("host-2", 0);
        var id = running(user("ann"), Specs.terminal("a", 1));
        silentFor("host-1", 41);
        silentFor("host-2", 39);

        assertThat(watch.quarantineSilent(SILENCE)).containsExactly("host-1");
        assertThat(watch.quarantineSilent(SILENCE)).isEmpty();

        var host = repository.findById("host-1").orElseThrow();
        assertThat(host.status()).isEqualTo(HostStatus.QUARANTINED);
        assertThat(host.statusReason()).isEqualTo("nothing was heard of it for 40 s");
        assertThat(statusOf("host-2")).isEqualTo(HostStatus.ACTIVE);
        assertThat(allocations.held(id)).isPresent();
        assertThat(status(id)).isEqualTo(EnvironmentStatus.RUNNING);
        assertNothingViolated();

        hosts.heartbeat("host-1", CAPACITY);

        assertThat(statusOf("host-1")).isEqualTo(HostStatus.ACTIVE);
        assertThat(repository.findById("host-1").orElseThrow().statusReason()).isNull();
        assertThat(events.after("host-1", 0, 10))
                .extracting(HostEvents.HostEvent::status, HostEvents.HostEvent::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(HostStatus.ACTIVE, null),
                        org.assertj.core.groups.Tuple.tuple(HostStatus.QUARANTINED, "nothing was heard of it for 40 s"),
                        org.assertj.core.groups.Tuple.tuple(HostStatus.ACTIVE, null));
    }

    @Test
    void onlyAnActiveHostFallsSilent() {
        host("host-1", 0);
        for (var status : HostStatus.values()) {
            jdbc.sql("UPDATE hosts SET status = ?").param(status.wireName()).update();
            silentFor("host-1", 1000);
            watch.quarantineSilent(SILENCE);
            assertThat(statusOf("host-1")).isEqualTo(status == HostStatus.ACTIVE ? HostStatus.QUARANTINED : status);
        }
    }

    @Test
    void whoWasActivatedByHandHasAsLongUntilItIsFirstHeardOf() {
        host("host-1", 0);

        assertThat(watch.quarantineSilent(SILENCE)).isEmpty();
        jdbc.sql("UPDATE hosts SET status_since = status_since - interval '41 seconds'")
                .update();

        assertThat(watch.quarantineSilent(SILENCE)).containsExactly("host-1");
    }

    @Test
    void silenceWhileNobodyLookedIsNotTheHosts() {
        host("host-1", 0);
        silentFor("host-1", 3600);
        jdbc.sql("UPDATE host_watch SET looked_at = clock_timestamp() - interval '1 hour'")
                .update();

        assertThat(watch.quarantineSilent(SILENCE)).isEmpty();
        assertThat(watch.quarantineSilent(SILENCE)).isEmpty();
        jdbc.sql("UPDATE host_watch SET hearing_since = hearing_since - interval '41 seconds'")
                .update();
        assertThat(watch.quarantineSilent(SILENCE)).containsExactly("host-1");

        jdbc.sql("DELETE FROM host_watch").update();
        hosts.activate("host-1");
        silentFor("host-1", 3600);
        assertThat(watch.quarantineSilent(SILENCE)).as("the first look ever").isEmpty();
    }

    /** Whoever comes last, a host that was heard of just now is active in the end. */
    @Test
    void heartbeatsAndLooksAtOnceLeaveEveryHostActive() throws InterruptedException {
        for (int round = 0; round < 10; round++) {
            var calls = new ArrayList<Callable<Object>>();
            for (int index = 0; index < 4; index++) {
                var id = "host-" + round + "-" + index;
                host(id, 1);
                silentFor(id, 60);
                calls.add(() -> hosts.heartbeat(id, CAPACITY));
                calls.add(() -> watch.quarantineSilent(SILENCE));
            }
            assertThat(Together.run(calls))
                    .allSatisfy(outcome -> assertThat(outcome.failure()).isNull());
        }
        assertThat(repository.all())
                .allSatisfy(host -> assertThat(host.status()).isEqualTo(HostStatus.ACTIVE));
    }

    @Test
    void aPlaceInAClusterIsOneOnAnyOfItsNodes() {
        host("host-1", 0);
        var id = running(user("ann"), Specs.terminal("a", 0));
        assertThat(repository.hasPlaceInCluster(id, "main")).isFalse();

        jdbc.sql("UPDATE hosts SET cluster = 'main'").update();

        assertThat(repository.hasPlaceInCluster(id, "main")).isTrue();
        assertThat(repository.hasPlaceInCluster(id, "other")).isFalse();
    }

    @Test
    void aDrainKeepsWhatRunsUnlessItIsToldToStopIt() {
        host("host-1", 2);
        var ann = user("ann");
        var id = running(ann, Specs.terminal("a", 1));
        stopped(ann, Specs.terminal("b", 1));

        twice(() -> hosts.drain("host-1"));
        assertThat(drained.toStop()).isEmpty();

        twice(() -> hosts.drain("host-1", true));
        assertThat(drained.toStop())
                .containsExactly(new DrainedEnvironments.Drained(id, "a", "ann", DeploymentMode.DOCKER, "host-1"));
        assertThat(there.of("host-1"))
                .extracting(
                        HostEnvironments.Occupant::name,
                        HostEnvironments.Occupant::gpus,
                        HostEnvironments.Occupant::cpu)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", List.of(0), 1),
                        org.assertj.core.groups.Tuple.tuple("b", List.of(), 0));

        hosts.drain("host-1", false);
        assertThat(drained.toStop()).isEmpty();
        hosts.drain("host-1", true);
        hosts.activate("host-1");
        assertThat(repository.findById("host-1").orElseThrow().drainStops()).isFalse();
    }

    @Test
    void whatIsJustBroughtUpOnADrainedHostGoesOnAndIsStoppedThen() {
        host("host-1", 1);
        var id = created(user("ann"), Specs.terminal("a", 1));
        reservations.reserve(id);
        allocations.allocate(id, Set.of());

        hosts.drain("host-1", true);
        assertThat(drained.toStop()).isEmpty();
        ports.lease(id);
        lifecycle.succeed(id, "create-" + id, EnvironmentStatus.RUNNING);

        assertThat(drained.toStop()).hasSize(1);
        assertNothingViolated();
    }
}
