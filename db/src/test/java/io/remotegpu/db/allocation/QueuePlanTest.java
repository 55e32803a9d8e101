package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueuePlanTest {

    private static final long GIB = 1L << 30;
    private static final long ANN = 1;
    private static final long BOB = 2;

    private final List<Waiter> waiting = new ArrayList<>();
    private final List<HostRoom> rooms = new ArrayList<>();

    @Test
    void theUserWithTheFewestGpusGoesFirst() {
        var ann = waits(ANN, 0, gpus(1));
        var bob = waits(BOB, 0, gpus(1));

        assertThat(order(Map.of(ANN, 3L, BOB, 1L))).containsExactly(bob, ann);
        assertThat(order(Map.of())).containsExactly(ann, bob);
    }

    @Test
    void whatIsInLineCountsSoThatUsersTakeTurns() {
        var ann1 = waits(ANN, 0, gpus(1));
        var ann2 = waits(ANN, 0, gpus(1));
        var ann3 = waits(ANN, 0, gpus(1));
        var bob1 = waits(BOB, 0, gpus(2));
        var bob2 = waits(BOB, 0, gpus(1));

        assertThat(order(Map.of())).containsExactly(ann1, bob1, ann2, ann3, bob2);
    }

    @Test
    void priorityIsWithinAUserThenAge() {
        var low = waits(ANN, -1, gpus(1));
        var first = waits(ANN, 0, gpus(1));
        var second = waits(ANN, 0, gpus(1));
        var high = waits(ANN, 9, gpus(1));
        var bob = waits(BOB, -100, gpus(1));

        assertThat(order(Map.of())).containsExactly(high, bob, first, second, low);
    }

    @Test
    void aRequestThatDoesNotFitHoldsSmallerOnesBackWhereTheyWouldDelayIt() {
        rooms.add(host("h1", 64, 8, 2));
        var large = waits(ANN, 0, gpus(4));
        var small = waits(BOB, 0, gpus(1));

        assertThat(granted()).isEmpty();
        assertThat(order(Map.of())).containsExactly(large, small);
    }

    @Test
    void whatTheHeadDoesNotNeedIsGivenAway() {
        rooms.add(host("h1", 64, 8, 2));
        waits(ANN, 0, gpus(4));
        var noGpu = waits(BOB, 0, gpus(0));

        assertThat(granted()).containsExactly(noGpu);
    }

    @Test
    void coresThatTheHeadWillNeedAreKeptForIt() {
        rooms.add(host("h1", 5, 8, 2));
        waits(ANN, 0, need(4, 4, null));
        var one = waits(BOB, 0, need(1, 0, null));
        waits(BOB, 0, need(1, 0, null));

        assertThat(granted()).containsExactly(one);
    }

    @Test
    void aHostOnWhichTheHeadCanNeverRunIsOpenToAll() {
        rooms.add(host("h1", 64, 8, 0));
        rooms.add(host("small", 64, 2, 2));
        waits(ANN, 0, gpus(4));
        var small = waits(BOB, 0, gpus(1));

        assertThat(granted()).containsExactly(small);
    }

    @Test
    void theImpossibleDelaysNobody() {
        rooms.add(host("h1", 64, 4, 4));
        waits(ANN, 0, gpus(64));
        var possible = waits(BOB, 0, gpus(4));

        assertThat(granted()).containsExactly(possible);
    }

    @Test
    void eachThatWaitsIsProtectedNotTheVeryFirstOnly() {
        rooms.add(host("a", 64, 8, 0));
        rooms.add(host("b", 64, 4, 2));
        waits(ANN, 0, gpus(8));
        waits(BOB, 0, gpus(4));
        waits(3, 0, gpus(1));

        assertThat(granted()).isEmpty();
    }

    @Test
    void aGpuThatTheHeadCannotUseIsTakenInPlaceOfOneThatItCan() {
        var devices = new ArrayList<>(devices("h1", 2, 0));
        devices.add(new HostRoom.Device(100, 0, "A10", 24 * GIB, true));
        devices.add(new HostRoom.Device(101, 0, "H100", 80 * GIB, true));
        rooms.add(new HostRoom("h1", "active", Set.of("docker"), 64, 64, 512 * GIB, 512 * GIB, 100, devices));
        waits(ANN, 0, need(1, 2, "H100"));
        var any = waits(BOB, 0, gpus(1));

        var seats = plan(Map.of());

        assertThat(seats.get(1).waiter()).isEqualTo(any);
        assertThat(seats.get(1).grant()).contains(new QueuePlan.Grant("h1", List.of(100L)));
    }

    @Test
    void portsAreRoomToo() {
        rooms.add(new HostRoom("h1", "active", Set.of("docker"), 64, 64, 512 * GIB, 512 * GIB, 0, devices("h1", 4, 4)));
        waits(ANN, 0, gpus(1));

        assertThat(granted()).isEmpty();
    }

    @Test
    void noGpuIsGivenTwiceAndNothingPastTheHost() {
        rooms.add(host("h1", 6, 8, 8));
        rooms.add(host("h2", 64, 8, 8));
        for (int i = 0; i < 64; i++) {
            waits(i % 5, i % 3, gpus(1 + i % 3));
        }

        var seats = plan(Map.of());

        assertThat(seats).hasSize(64);
        var gpus = seats.stream()
                .flatMap(seat -> seat.grant().stream())
                .flatMap(grant -> grant.gpus().stream())
                .toList();
        assertThat(gpus).doesNotHaveDuplicates().hasSizeBetween(9, 16);
        assertThat(seats.stream()
                        .flatMap(seat -> seat.grant().stream())
                        .filter(grant -> grant.hostId().equals("h1")))
                .hasSizeLessThanOrEqualTo(6);
    }

    private List<Waiter> order(Map<Long, Long> held) {
        return QueuePlan.inOrder(waiting, held);
    }

    private List<Waiter> granted() {
        return plan(Map.of()).stream()
                .filter(seat -> seat.grant().isPresent())
                .map(QueuePlan.Seat::waiter)
                .toList();
    }

    private List<QueuePlan.Seat> plan(Map<Long, Long> held) {
        return QueuePlan.of(waiting, rooms, held, PlacementSettings.Policy.PACK.order());
    }

    private Waiter waits(long user, int priority, Need need) {
        var waiter = new Waiter(UUID.randomUUID(), user, priority, waiting.size(), need);
        waiting.add(waiter);
        return waiter;
    }

    private static Need gpus(int count) {
        return need(1, count, null);
    }

    private static Need need(int cpu, int gpus, String model) {
        return new Need("docker", cpu, GIB, gpus, model, 0, null, 1);
    }

    private static HostRoom host(String id, int cpu, int gpus, int free) {
        return new HostRoom(
                id, "active", Set.of("docker"), cpu, cpu, 512 * GIB, 512 * GIB, 100, devices(id, gpus, free));
    }

    private static List<HostRoom.Device> devices(String host, int count, int free) {
        return IntStream.range(0, count)
                .mapToObj(index -> new HostRoom.Device(
                        Math.abs(host.hashCode()) * 1000L + index, index / 2, "H100", 80 * GIB, index < free))
                .toList();
    }
}
