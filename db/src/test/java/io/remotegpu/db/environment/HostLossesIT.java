package io.remotegpu.db.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.Together;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;

class HostLossesIT extends DatabaseTest {

    private static final String HOST = "host-1";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Capacity CAPACITY =
            new Capacity(64, 512 * GIB, Set.of(DeploymentMode.DOCKER), Map.of(), List.of());

    @Autowired
    private HostLosses losses;

    @Autowired
    private HostRepository repository;

    @Autowired
    private CapacityQueue queue;

    private long ann;

    @BeforeEach
    void aHost() {
        host(HOST, 4);
        ann = user("ann");
    }

    @Test
    void whatRanAndWhatWasStoppedFailsAndHoldsNothing() {
        var ran = running(ann, Specs.terminal("ran", 2));
        var slept = stopped(ann, Specs.terminal("slept", 1));
        hosts.lost(HOST);

        twice(() -> assertThat(losses.settle(HOST)).isEmpty());

        for (var id : List.of(ran, slept)) {
            var environment = environments.findById(id).orElseThrow();
            assertThat(environment.status()).isEqualTo(EnvironmentStatus.FAILED);
            assertThat(environment.failureCode()).isEqualTo("host_lost");
            assertThat(environment.failureReason())
                    .isEqualTo(
                            "its host host-1 was declared lost, and its data with it: delete it and create it again");
            assertThat(environment.hasData()).isFalse();
            assertThat(environment.hostId()).isNull();
            assertThat(count("environment_events WHERE environment_id = ? AND step = 'host'", id))
                    .isEqualTo(1);
        }
        assertThat(count("allocations WHERE released_at IS NULL")).isZero();
        assertThat(count("gpus WHERE allocated_to IS NOT NULL")).isZero();
        assertThat(count("port_leases")).isZero();
        assertThat(reservations.usage(ann).used().environments()).isZero();
        assertNothingViolated();
    }

    @Test
    void whatAnOperationDealsWithIsLeftToIt() {
        var creating = created(ann, Specs.terminal("creating", 1));
        reservations.reserve(creating);
        allocations.allocate(creating, Set.of());
        var stopping = running(ann, Specs.terminal("stopping", 1));
        lifecycle.begin(stopping, "stop-1", OperationKind.STOP, "ann");
        var undoing = created(ann, Specs.terminal("undoing", 1));
        allocations.allocate(undoing, Set.of());
        lifecycle.fail(undoing, "create-" + undoing, "not_ready", "why", List.of("the deployment"));
        hosts.lost(HOST);

        twice(() -> assertThat(losses.settle(HOST))
                .containsExactlyInAnyOrder(
                        "create of 'creating' at step admit",
                        "stop of 'stopping' at step admit",
                        "create of 'undoing' at step admit"));

        allocations.release(stopping);
        reservations.releaseCompute(stopping);
        lifecycle.succeed(stopping, "stop-1", EnvironmentStatus.STOPPED);
        allocations.release(undoing);
        lifecycle.settle(undoing, "create-" + undoing);
        allocations.release(creating);
        host("host-2", 1);
        allocations.allocate(creating, Set.of());

        assertThat(losses.settle(HOST)).isEmpty();
        assertThat(environments.findById(stopping).orElseThrow().failureCode()).isEqualTo("host_lost");
        assertThat(environments.findById(undoing).orElseThrow().failureCode()).isEqualTo("not_ready");
        assertThat(status(creating)).isEqualTo(EnvironmentStatus.CREATING);
        assertThat(environments.findById(creating).orElseThrow().hostId()).isEqualTo("host-2");
    }

    @Test
    void oneThatWasJustGivenAPlaceThereFromTheQueueWaitsOnAndKeepsItsTurn() {
        var holder = running(user("cid"), Specs.terminal("holder", 4));
        var granted = created(ann, Specs.terminal("granted", 4));
        reservations.reserve(granted);
        queue.join(granted, "create-" + granted, HOUR);
        var behind = created(user("bob"), Specs.terminal("behind", 4));
        reservations.reserve(behind);
        queue.join(behind, "create-" + behind, HOUR);
        lifecycle.begin(holder, "delete-1", OperationKind.DELETE, "cid");
        ports.release(holder);
        allocations.release(holder);
        reservations.release(holder);
        lifecycle.succeed(holder, "delete-1", EnvironmentStatus.DELETED);
        assertThat(queue.dispatch()).containsExactly(granted);
        assertThat(allocations.held(granted)).isPresent();
        hosts.lost(HOST);

        twice(() -> assertThat(losses.settle(HOST)).isEmpty());

        assertThat(status(granted)).isEqualTo(EnvironmentStatus.QUEUED);
        assertThat(environments.findById(granted).orElseThrow().hostId()).isNull();
        assertThat(allocations.held(granted)).isEmpty();
        assertThat(queue.places(Set.of(granted, behind)).get(granted).position())
                .isEqualTo(1);
        assertThat(queue.turn(granted, "create-" + granted).allocation()).isNull();
        assertNothingViolated();
        host("host-2", 4);
        assertThat(queue.turn(granted, "create-" + granted).allocation().hostId())
                .isEqualTo("host-2");
        assertThat(status(granted)).isEqualTo(EnvironmentStatus.CREATING);
        assertThat(losses.swept(HOST, 0)).isTrue();
        assertNothingViolated();
    }

    @Test
    void oneThatWaitsForRoomWhereItsDataWasFails() {
        var slept = stopped(ann, Specs.terminal("slept", 4));
        running(user("bob"), Specs.terminal("holder", 4));
        lifecycle.begin(slept, "start-1", OperationKind.START, "ann");
        reservations.reserveCompute(slept);
        queue.join(slept, "start-1", HOUR);
        hosts.lost(HOST);

        twice(() -> assertThat(losses.settle(HOST)).isEmpty());

        assertThat(environments.findById(slept).orElseThrow().failureCode()).isEqualTo("host_lost");
        assertNothingViolated();
    }

    @Test
    void aHostThatWasNotDeclaredLostIsLeftAlone() {
        var id = running(ann, Specs.terminal("a", 1));
        hosts.drain(HOST);

        assertThat(losses.settle(HOST)).isEmpty();
        assertThat(losses.settle("nobody")).isEmpty();

        assertThat(status(id)).isEqualTo(EnvironmentStatus.RUNNING);
        assertThat(losses.unswept()).isEmpty();
    }

    @Test
    void aLostHostIsGivenNothingUntilItIsSweptWhateverAnybodySays() {
        running(ann, Specs.terminal("a", 1));
        hosts.lost(HOST);
        assertThat(losses.unswept()).containsExactly(HOST);

        hosts.heartbeat(HOST, CAPACITY);
        assertThat(statusOf()).isEqualTo(HostStatus.LOST);
        twice(() -> hosts.activate(HOST));
        assertThat(statusOf()).isEqualTo(HostStatus.QUARANTINED);
        hosts.heartbeat(HOST, CAPACITY);
        assertThat(statusOf()).isEqualTo(HostStatus.QUARANTINED);
        hosts.drain(HOST);
        hosts.activate(HOST);
        assertThat(statusOf()).isEqualTo(HostStatus.QUARANTINED);
        assertThatThrownBy(() -> jdbc.sql("UPDATE hosts SET status = 'active'").update())
                .isInstanceOf(DataIntegrityViolationException.class);
        var another = created(ann, Specs.terminal("b", 1));
        assertThatThrownBy(() -> allocations.allocate(another, Set.of())).isInstanceOf(NoCapacityException.class);

        assertThat(losses.swept(HOST, 1)).as("something is still there").isFalse();
        losses.settle(HOST);
        twice(() -> assertThat(losses.swept(HOST, 1)).isTrue());
        hosts.heartbeat(HOST, CAPACITY);

        assertThat(statusOf()).isEqualTo(HostStatus.ACTIVE);
        allocations.allocate(another, Set.of());
        assertThat(jdbc.sql("SELECT message FROM host_events ORDER BY id")
                        .query(String.class)
                        .list())
                .contains("what was left of 1 environments was removed");
    }

    @Test
    void aLostHostOnWhichNothingIsAnyMoreCanBeRemoved() {
        running(ann, Specs.terminal("a", 1));
        hosts.lost(HOST);
        losses.settle(HOST);

        hosts.delete(HOST);

        assertThat(losses.isUnswept(HOST)).isFalse();
        assertThat(losses.swept(HOST, 0)).isTrue();
        assertNothingViolated();
    }

    /** The word comes in the middle of everything: in the end nobody is there, and nothing is held. */
    @Test
    void placementsStopsHeartbeatsAndTheWordAtOnceLeaveNothingBehind() throws InterruptedException {
        for (int round = 0; round < 15; round++) {
            var host = "host-r" + round;
            hosts.drain(round == 0 ? HOST : "host-r" + (round - 1));
            host(host, 4);
            var ran = running(ann, Specs.terminal("ran-" + round, 1));
            var placed = created(ann, Specs.terminal("placed-" + round, 1));
            reservations.reserve(placed);
            var calls = new ArrayList<Callable<Object>>();
            calls.add(() -> hosts.lost(host));
            calls.add(() -> losses.settle(host));
            calls.add(() -> losses.settle(host));
            calls.add(() -> hosts.heartbeat(host, CAPACITY));
            calls.add(() -> hosts.activate(host));
            calls.add(() -> allocations.allocate(placed, Set.of()));
            calls.add(() -> lifecycle.begin(ran, "stop-" + ran, OperationKind.STOP, "ann"));
            for (var outcome : Together.run(calls)) {
                var failure = outcome.failure();
                if (failure != null) {
                    assertThat(failure).isInstanceOfAny(NoCapacityException.class, InvalidStateException.class);
                }
            }
            end(ran, "stop-" + ran);
            fail(placed);
            assertThat(losses.settle(host)).isEmpty();
            assertThat(statusOf(host)).isIn(HostStatus.LOST, HostStatus.QUARANTINED);
            assertThat(losses.swept(host, 0)).isTrue();
        }
        assertThat(count("allocations WHERE released_at IS NULL")).isZero();
        assertNothingViolated();
    }

    private void end(UUID id, String operation) {
        if (status(id) == EnvironmentStatus.STOPPING) {
            allocations.release(id);
            reservations.releaseCompute(id);
            lifecycle.succeed(id, operation, EnvironmentStatus.STOPPED);
        }
    }

    private void fail(UUID id) {
        var operation = "create-" + id;
        lifecycle.fail(id, operation, "no_capacity", "why", List.of("host"));
        allocations.release(id);
        reservations.release(id);
        lifecycle.settle(id, operation);
    }

    private HostStatus statusOf() {
        return statusOf(HOST);
    }

    private HostStatus statusOf(String host) {
        return repository.findById(host).orElseThrow().status();
    }
}
