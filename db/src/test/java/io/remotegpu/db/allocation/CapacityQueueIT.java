package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.Together;
import io.remotegpu.db.channel.Channel;
import io.remotegpu.db.channel.Channels;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.RowCallbackHandler;

class CapacityQueueIT extends DatabaseTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @Autowired
    private CapacityQueue queue;

    @Autowired
    private Channels channels;

    private long ann;
    private long bob;

    @BeforeEach
    void users() {
        ann = generous("ann");
        bob = generous("bob");
    }

    @Test
    void whoFindsRoomDoesNotWait() {
        host("h1", 1);
        var id = asks(ann, Specs.terminal("one", 1));

        var turn = queue.join(id, "create-" + id, HOUR);

        assertThat(turn.allocation()).isNotNull();
        assertThat(status(id)).isEqualTo(EnvironmentStatus.CREATING);
        assertThat(count("capacity_waits")).isZero();
    }

    @Test
    void whoFindsNoneIsQueuedAndHoldsQuotaOnly() {
        host("h1", 1);
        running(ann, Specs.terminal("one", 1));
        var id = asks(bob, Specs.terminal("two", 1));

        var place = queue.join(id, "create-" + id, HOUR).place();
        twice(() -> queue.join(id, "create-" + id, HOUR));

        assertThat(status(id)).isEqualTo(EnvironmentStatus.QUEUED);
        assertThat(place.position()).isEqualTo(1);
        assertThat(place.waiting()).isEqualTo(1);
        assertThat(place.reason()).contains("has 1 free GPU", "most on one host is 0");
        assertThat(place.left()).isBetween(HOUR.minusMinutes(1), HOUR);
        assertThat(place.deadline()).isEqualTo(place.since().plus(HOUR));
        assertThat(count("reservations WHERE environment_id = ? AND compute_held", id))
                .isEqualTo(1);
        assertThat(count("allocations WHERE environment_id = ?", id)).isZero();
        assertThat(count("port_leases WHERE environment_id = ?", id)).isZero();
        assertNothingViolated();
    }

    @Test
    void whatItWaitsForIsAnEventWheneverThatChanges() {
        host("h1", 2);
        var one = running(ann, Specs.terminal("one", 1));
        running(ann, Specs.terminal("other", 1));
        var large = queued(bob, Specs.terminal("large", 2));
        twice(() -> queue.turn(large, "create-" + large));
        assertThat(waitsFor(large))
                .singleElement()
                .asString()
                .startsWith("started ")
                .contains("on one host is 0");

        stop(one);
        twice(() -> queue.turn(large, "create-" + large));
        twice(() -> queue.join(large, "create-" + large, HOUR));

        assertThat(waitsFor(large))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("progress ")
                .contains("on one host is 1");
    }

    @Test
    void aReleaseGivesTheNextOneItsPlaceOnceWhoeverLooks() {
        host("h1", 1);
        var one = running(ann, Specs.terminal("one", 1));
        var two = queued(bob, Specs.terminal("two", 1));
        var three = queued(ann, Specs.terminal("three", 1));
        assertThat(queue.dispatch()).isEmpty();

        stop(one);

        assertThat(queue.dispatch()).containsExactly(two);
        assertThat(status(two)).isEqualTo(EnvironmentStatus.QUEUED);
        assertThat(queue.turn(three, "create-" + three).place().position()).isEqualTo(1);
        assertThat(queue.turn(two, "create-" + two).allocation().gpus()).hasSize(1);
        twice(() -> queue.turn(two, "create-" + two));
        assertThat(status(two)).isEqualTo(EnvironmentStatus.CREATING);
        assertThat(queue.places(Set.of(two, three))).containsOnlyKeys(three);
        assertNothingViolated();
    }

    @Test
    void whoWasNotToldIsToldAgain() {
        host("h1", 1);
        var one = running(ann, Specs.terminal("one", 1));
        var two = queued(bob, Specs.terminal("two", 1));
        stop(one);
        assertThat(queue.dispatch()).containsExactly(two);

        await().until(() -> queue.dispatch().equals(List.of(two)));
    }

    @Test
    void whoCameToWaitAndBeginsAnewGetsItsPlaceFromTheQueueAndLeavesIt() {
        host("h1", 1);
        var one = running(ann, Specs.terminal("one", 1));
        var two = queued(bob, Specs.terminal("two", 1));
        stop(one);
        assertThat(queue.dispatch()).containsExactly(two);

        // As a workflow does whose worker was killed before Temporal heard that it came to wait.
        assertThatThrownBy(() -> allocations.allocate(two, Set.of())).isInstanceOf(NoCapacityException.class);
        assertThat(queue.join(two, "create-" + two, HOUR).allocation()).isNotNull();

        assertThat(status(two)).isEqualTo(EnvironmentStatus.CREATING);
        assertThat(count("capacity_waits")).isZero();
        assertNothingViolated();
    }

    @Test
    void nobodyWhoComesNowOvertakesThoseWhoWait() {
        host("h1", 2);
        var one = running(ann, Specs.terminal("one", 1));
        running(ann, Specs.terminal("other", 1));
        var large = queued(bob, Specs.terminal("large", 2));
        stop(one);

        var now = asks(generous("eve"), Specs.terminal("now", 1));
        // Eve holds as few GPUs as Bob, and Bob has waited.
        assertThatThrownBy(() -> allocations.allocate(now, Set.of()))
                .isInstanceOf(NoCapacityException.class)
                .hasMessageContaining("delaying those who have waited");
        assertThat(status(large)).isEqualTo(EnvironmentStatus.QUEUED);
        var small = asks(ann, Specs.terminal("no-gpu", 0));
        assertThat(allocations.allocate(small, Set.of()).gpus()).isEmpty();
        assertNothingViolated();
    }

    @Test
    void whoGivesUpLetsTheNextOneGo() throws SQLException {
        host("h1", 2);
        running(ann, Specs.terminal("one", 1));
        var large = queued(bob, Specs.terminal("large", 2));
        var small = queued(ann, Specs.terminal("small", 1));
        assertThat(queue.dispatch()).isEmpty();

        try (var listening = channels.listen(Channel.CAPACITY)) {
            lifecycle.fail(large, "create-" + large, "wait_timeout", "it did not get room", List.of("quota"));
            assertThat(listening.await(Duration.ofSeconds(10))).isNotEmpty();
        }

        assertThat(queue.dispatch()).containsExactly(small);
        assertThat(queue.places(Set.of(large))).isEmpty();
        assertThat(count("capacity_waits WHERE environment_id = ?", large)).isZero();
        assertThatThrownBy(() -> queue.turn(large, "create-" + large)).isInstanceOf(InvalidStateException.class);
    }

    @Test
    void aStartWaitsForTheHostWithItsDataAndGoesBackToWhereItWas() {
        host("h1", 1);
        host("h2", 1);
        var one = stopped(ann, Specs.terminal("one", 1));
        var host = environments.findById(one).orElseThrow().hostId();
        running(bob, Specs.withGpus("two", 1, null, null, host));
        lifecycle.begin(one, "start", OperationKind.START, "tester");
        reservations.reserveCompute(one);

        var place = queue.join(one, "start", HOUR).place();

        assertThat(place.reason()).contains(host, "which has its data");
        assertThat(status(one)).isEqualTo(EnvironmentStatus.QUEUED);
        twice(() -> queue.leave(one, "start"));
        assertThat(status(one)).isEqualTo(EnvironmentStatus.STARTING);
        reservations.releaseCompute(one);
        twice(() -> lifecycle.abandonWait(one, "start", "wait_timeout", "no room in time"));
        var left = environments.findById(one).orElseThrow();
        assertThat(left.status()).isEqualTo(EnvironmentStatus.STOPPED);
        assertThat(left.failureCode()).isEqualTo("wait_timeout");
        assertNothingViolated();
    }

    @Test
    void portsAreWaitedForToo() {
        hosts.register(newHost("h1", 64, 512 * GIB));
        hosts.activate("h1");
        jdbc.sql("UPDATE hosts SET port_max = port_min + 1").update();
        var one = running(ann, Specs.terminal("one", 0));
        running(ann, Specs.terminal("two", 0));

        var three = queued(bob, Specs.terminal("three", 0));
        assertThat(queue.places(Set.of(three)).get(three).reason()).contains("free ports");
        allocations.release(one);
        assertThat(queue.dispatch()).as("one that stops keeps its ports").isEmpty();
        ports.release(one);
        assertThat(queue.dispatch()).containsExactly(three);
    }

    @Test
    void everythingThatMayLetSomebodyGoIsHeard() throws SQLException {
        try (var listening = channels.listen(Channel.CAPACITY)) {
            Map<String, Runnable> causes = new LinkedHashMap<>();
            causes.put("a host", () -> hosts.register(newHost("h1", 4, 8 * GIB)));
            causes.put("its activation", () -> hosts.activate("h1"));
            causes.put("a GPU", () -> gpu("h1", 0, H100, 0));
            causes.put(
                    "an error",
                    () -> jdbc.sql("UPDATE gpus SET status = 'error', status_reason = 'x'")
                            .update());
            causes.put(
                    "more memory",
                    () -> jdbc.sql("UPDATE hosts SET total_memory = total_memory + 1")
                            .update());
            for (var cause : causes.entrySet()) {
                cause.getValue().run();
                assertThat(listening.await(Duration.ofSeconds(cause.getKey().equals("an error") ? 1 : 10)))
                        .as(cause.getKey())
                        .hasSize(cause.getKey().equals("an error") ? 0 : 1);
            }
            jdbc.sql("UPDATE gpus SET status = 'available'").update();
            assertThat(listening.await(Duration.ofSeconds(10)))
                    .as("a GPU is well again")
                    .isNotEmpty();
            var id = running(ann, Specs.terminal("one", 1));
            while (!listening.await(Duration.ofMillis(200)).isEmpty()) {
                // What making it said.
            }
            allocations.release(id);
            assertThat(listening.await(Duration.ofSeconds(10))).as("a release").isNotEmpty();
        }
    }

    @Test
    void theRowsRefuseToBeQueuedOutsideTheQueueAndToWaitOutsideTheStatus() {
        host("h1", 0);
        var id = asks(ann, Specs.terminal("one", 0));
        assertThatThrownBy(() -> jdbc.sql("UPDATE environments SET status = 'queued' WHERE id = ?")
                        .param(id)
                        .update())
                .hasMessageContaining("is queued: t, and has a row in the queue: f");
        assertThatThrownBy(() -> jdbc.sql("""
                        INSERT INTO capacity_waits (environment_id, deadline) VALUES (?, now() + interval '1 hour')""").param(id).update())
                .hasMessageContaining("is queued: f, and has a row in the queue: t");
        assertThatThrownBy(() -> jdbc.sql("""
                        INSERT INTO capacity_waits (environment_id, deadline) VALUES (?, now() - interval '1 hour')""").param(id).update()).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void whoIsFirstInOrderIsServedFirst() {
        host("h1", 8);
        var users = List.of(ann, bob, generous("cat"), generous("dan"));
        var all = running(generous("zed"), Specs.terminal("all", 8));
        var waiting = new ArrayList<UUID>();
        for (int i = 0; i < 32; i++) {
            waiting.add(queued(users.get(i % 7 % 4), Specs.terminal("waits-" + i, 1)));
        }
        var order = queue.places(Set.copyOf(waiting));
        var firstEight =
                waiting.stream().filter(id -> order.get(id).position() <= 8).toList();

        stop(all);

        assertThat(queue.dispatch()).containsExactlyInAnyOrderElementsOf(firstEight);
        assertThat(queue.places(Set.copyOf(waiting)).values().stream().map(QueuePlace::position))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 24).boxed().toList());
        assertNothingViolated();
    }

    @Test
    void sixtyFourWaitersAreEachServedOnceWhateverIsReleasedAndLookedAtTheSameTime() throws Exception {
        host("h1", 4);
        host("h2", 4);
        var users = List.of(ann, bob, generous("cat"), generous("dan"));
        var holders = new ArrayList<UUID>();
        for (int i = 0; i < 8; i++) {
            holders.add(running(users.get(i % 4), Specs.terminal("held-" + i, 1)));
        }
        var waiting = new ArrayList<UUID>();
        var joins = new ArrayList<Callable<Object>>();
        for (int i = 0; i < 64; i++) {
            var id = asks(users.get(i % 4), Specs.terminal("waits-" + i, 1));
            waiting.add(id);
            joins.add(() -> queue.join(id, "create-" + id, HOUR));
        }
        assertThat(Together.run(joins))
                .allSatisfy(joined -> assertThat(joined.failure()).isNull());
        assertThat(queue.places(Set.copyOf(waiting)).values().stream().map(QueuePlace::position))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 64).boxed().toList());

        var served = new ArrayList<UUID>();
        while (!waiting.isEmpty()) {
            var calls = new ArrayList<Callable<Object>>();
            for (var holder : holders) {
                calls.add(() -> {
                    stop(holder);
                    return queue.dispatch();
                });
            }
            for (var id : waiting) {
                calls.add(() -> queue.turn(id, "create-" + id));
            }
            var tickets = tickets();
            assertThat(Together.run(calls))
                    .allSatisfy(call -> assertThat(call.failure()).isNull());
            queue.dispatch();
            holders.clear();
            for (var id : List.copyOf(waiting)) {
                if (allocations.held(id).isPresent()) {
                    run(id);
                    waiting.remove(id);
                    holders.add(id);
                }
            }
            assertThat(holders).as("all that was released is given again").hasSize(8);
            for (var id : holders) {
                assertThat(waiting)
                        .as("younger ones of the same user were not before it")
                        .noneMatch(other -> owner(other) == owner(id) && tickets.get(other) < tickets.get(id));
            }
            served.addAll(holders);
            assertThat(count("capacity_waits")).isEqualTo(waiting.size());
            assertNothingViolated();
        }
        assertThat(served).doesNotHaveDuplicates().hasSize(64);
    }

    @Test
    void mixedSizesWithReleasesAndGivingUpAtTheSameTimeStrandNobody() throws Exception {
        host("h1", 4);
        host("h2", 8);
        var waiting = new ArrayList<UUID>();
        var holders = new ArrayList<UUID>();
        for (int i = 0; i < 6; i++) {
            holders.add(running(i % 2 == 0 ? ann : bob, Specs.terminal("held-" + i, 2)));
        }
        for (int i = 0; i < 64; i++) {
            waiting.add(queued(i % 2 == 0 ? ann : bob, Specs.terminal("waits-" + i, 1 + i % 4)));
        }
        for (int round = 0; !waiting.isEmpty(); round++) {
            assertThat(round).as("rounds").isLessThan(80);
            var calls = new ArrayList<Callable<Object>>();
            for (var holder : List.copyOf(holders)) {
                calls.add(() -> {
                    stop(holder);
                    return queue.dispatch();
                });
            }
            if (round % 4 == 0) {
                var quitter = waiting.removeLast();
                calls.add(() -> {
                    giveUp(quitter);
                    return queue.dispatch();
                });
            }
            for (var id : List.copyOf(waiting)) {
                calls.add(() -> queue.turn(id, "create-" + id));
            }
            assertThat(Together.run(calls))
                    .allSatisfy(call -> assertThat(call.failure()).isNull());
            holders.clear();
            queue.dispatch();
            for (var id : List.copyOf(waiting)) {
                if (allocations.held(id).isPresent()) {
                    run(id);
                    waiting.remove(id);
                    holders.add(id);
                }
            }
            assertThat(holders).as("with all free, somebody always goes").isNotEmpty();
            assertNothingViolated();
        }
        assertThat(count("capacity_waits")).isZero();
    }

    private long generous(String name) {
        var user = user(name);
        quotas.set(user, 10_000, 10_000 * GIB, 10_000, 10_000 * GIB, 10_000);
        return user;
    }

    private List<String> waitsFor(UUID id) {
        return jdbc.sql("""
                        SELECT outcome || ' ' || message FROM environment_events
                        WHERE environment_id = ? AND operation_id = ? AND step = 'queue' ORDER BY id""").params(id, "create-" + id).query(String.class).list();
    }

    private long owner(UUID id) {
        return environments.findById(id).orElseThrow().userId();
    }

    private Map<UUID, Long> tickets() {
        var tickets = new HashMap<UUID, Long>();
        jdbc.sql("SELECT environment_id, ticket FROM capacity_waits")
                .query((RowCallbackHandler) row -> tickets.put(row.getObject(1, UUID.class), row.getLong(2)));
        return tickets;
    }

    private void run(UUID id) {
        queue.turn(id, "create-" + id);
        ports.lease(id);
        lifecycle.enter(id, "create-" + id, "deploy");
        lifecycle.succeed(id, "create-" + id, EnvironmentStatus.RUNNING);
    }

    private UUID asks(long user, EnvironmentSpec spec) {
        var id = created(user, spec);
        reservations.reserve(id);
        return id;
    }

    private UUID queued(long user, EnvironmentSpec spec) {
        var id = asks(user, spec);
        assertThat(queue.join(id, "create-" + id, HOUR).place()).isNotNull();
        return id;
    }

    private void giveUp(UUID id) {
        lifecycle.fail(id, "create-" + id, "wait_timeout", "no room", List.of("quota"));
        queue.leave(id, "create-" + id);
        allocations.release(id);
        reservations.release(id);
        lifecycle.settle(id, "create-" + id);
    }

    private void stop(UUID id) {
        lifecycle.begin(id, "stop-" + id, OperationKind.STOP, "tester");
        allocations.release(id);
        reservations.releaseCompute(id);
        lifecycle.succeed(id, "stop-" + id, EnvironmentStatus.STOPPED);
    }
}
