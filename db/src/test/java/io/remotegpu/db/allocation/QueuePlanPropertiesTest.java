package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is true of the plan for any queue and any hosts. */
class QueuePlanPropertiesTest {

    private static final long GIB = 1L << 30;
    private static final List<String> HOSTS = List.of("a", "b", "c");
    private static final List<String> MODES = List.of("docker", "vm");
    private static final List<String> MODELS = List.of("H100", "A10");

    /** Waiters, hosts and GPUs held by user. */
    record Scene(List<Waiter> waiting, List<Host> hosts, Map<Long, Long> held) {

        /** New rooms, because a plan changes those that it is made with. */
        List<HostRoom> rooms() {
            return hosts.stream().map(Host::room).toList();
        }

        List<QueuePlan.Seat> plan() {
            return plan(waiting);
        }

        List<QueuePlan.Seat> plan(List<Waiter> some) {
            return QueuePlan.of(some, rooms(), held, PlacementSettings.Policy.PACK.order());
        }

        Host host(String id) {
            return hosts.stream()
                    .filter(host -> host.id().equals(id))
                    .findFirst()
                    .orElseThrow();
        }
    }

    record Host(
            String id,
            String status,
            Set<String> modes,
            int cpu,
            int freeCpu,
            long memory,
            long freeMemory,
            int ports,
            List<HostRoom.Device> devices) {

        HostRoom room() {
            return new HostRoom(id, status, modes, cpu, freeCpu, memory, freeMemory, ports, devices);
        }
    }

    @Property(tries = 500)
    void everybodyHasOneSeat(@ForAll("scenes") Scene scene) {
        assertThat(scene.plan())
                .extracting(QueuePlan.Seat::waiter)
                .containsExactlyInAnyOrderElementsOf(scene.waiting());
    }

    @Property(tries = 500)
    void noGpuIsGivenTwiceAndNoHostGivesMoreThanItHas(@ForAll("scenes") Scene scene) {
        var given = new ArrayList<Long>();
        var onHost = new HashMap<String, List<Need>>();
        for (var seat : scene.plan()) {
            seat.grant().ifPresent(grant -> {
                var need = seat.waiter().need();
                given.addAll(grant.gpus());
                onHost.computeIfAbsent(grant.hostId(), _ -> new ArrayList<>()).add(need);
                var host = scene.host(grant.hostId());
                assertThat(host.status()).isEqualTo("active");
                assertThat(host.modes()).contains(need.mode());
                assertThat(need.pinnedTo()).isIn(null, host.id());
                assertThat(grant.gpus()).hasSize(need.gpu());
                assertThat(host.devices().stream().filter(device -> grant.gpus().contains(device.id())))
                        .hasSize(need.gpu())
                        .allMatch(HostRoom.Device::free)
                        .allMatch(need::suits);
            });
        }
        assertThat(given).doesNotHaveDuplicates();
        onHost.forEach((id, needs) -> {
            var host = scene.host(id);
            assertThat(needs.stream().mapToInt(Need::cpu).sum()).isLessThanOrEqualTo(host.freeCpu());
            assertThat(needs.stream().mapToLong(Need::memory).sum()).isLessThanOrEqualTo(host.freeMemory());
            assertThat(needs.stream().mapToInt(Need::ports).sum()).isLessThanOrEqualTo(host.ports());
        });
    }

    @Property(tries = 500)
    void theFirstGetsAPlaceWhereverThereIsOne(@ForAll("scenes") Scene scene) {
        var seats = scene.plan();
        if (!seats.isEmpty()) {
            var first = seats.getFirst();
            assertThat(first.grant().isPresent())
                    .isEqualTo(scene.rooms().stream()
                            .anyMatch(room -> room.fits(first.waiter().need())));
        }
    }

    /** Whoever comes later changes nothing for those before: neither their turn, nor what they are given now. */
    @Property(tries = 500)
    void nobodyIsDelayedByTheLastInLine(@ForAll("scenes") Scene scene) {
        var seats = scene.plan();
        if (!seats.isEmpty()) {
            var without = seats.subList(0, seats.size() - 1);
            assertThat(scene.plan(without.stream().map(QueuePlan.Seat::waiter).toList()))
                    .isEqualTo(without);
        }
    }

    /**
     * One who goes ahead of another takes nothing that the other would miss were it alone there: on each host where it could
     * ever run, it is no further from a place than it would be for CPU and memory.
     */
    @Property(tries = 500)
    void whoGoesAheadLeavesEnoughForEachOneBefore(@ForAll("scenes") Scene scene) {
        var waiting = new ArrayList<Need>();
        var freeCpu = new HashMap<String, Integer>();
        scene.hosts().forEach(host -> freeCpu.put(host.id(), host.freeCpu()));
        for (var seat : scene.plan()) {
            var need = seat.waiter().need();
            if (seat.grant().isEmpty()) {
                waiting.add(need);
                continue;
            }
            var host = scene.host(seat.grant().get().hostId());
            var left = freeCpu.merge(host.id(), -need.cpu(), Integer::sum);
            for (var before : waiting) {
                var couldEver = before.pinnedTo() == null || before.pinnedTo().equals(host.id());
                var enough = host.cpu() >= before.cpu()
                        && host.memory() >= before.memory()
                        && host.modes().contains(before.mode())
                        && host.devices().stream().filter(before::suits).count() >= before.gpu();
                if (couldEver && enough) {
                    assertThat(left).isGreaterThanOrEqualTo(before.cpu());
                }
            }
        }
    }

    @Property(tries = 300)
    void theOrderInWhichTheRowsAreReadDoesNotMatter(@ForAll("scenes") Scene scene, @ForAll long seed) {
        var shuffled = new ArrayList<>(scene.waiting());
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(scene.plan(shuffled)).isEqualTo(scene.plan());
    }

    @Property(tries = 300)
    void withinAUserItGoesByPriorityThenAge(@ForAll("scenes") Scene scene) {
        var byUser = QueuePlan.inOrder(scene.waiting(), scene.held()).stream()
                .collect(Collectors.groupingBy(Waiter::userId));
        byUser.values()
                .forEach(line -> assertThat(line)
                        .isSortedAccordingTo(Comparator.comparingInt(Waiter::priority)
                                .reversed()
                                .thenComparingLong(Waiter::ticket)));
    }

    @Property(tries = 300)
    void chosenGpusAreOfTheFreeOnesAndOfOneGroupWhereOneIsEnough(
            @ForAll("groups") List<Integer> groups, @ForAll long seed) {
        var free = new ArrayList<GpuChoice.FreeGpu>();
        groups.forEach(group -> free.add(new GpuChoice.FreeGpu(free.size(), group)));
        int count = free.isEmpty() ? 0 : new Random(seed).nextInt(free.size() + 1);

        var chosen = GpuChoice.choose(free, count);

        assertThat(chosen).hasSize(count).doesNotHaveDuplicates();
        assertThat(free.stream().map(GpuChoice.FreeGpu::id)).containsAll(chosen);
        var sizes = groups.stream().collect(Collectors.groupingBy(group -> group, Collectors.counting()));
        if (count > 0 && sizes.values().stream().anyMatch(size -> size >= count)) {
            assertThat(chosen.stream().map(id -> groups.get(id.intValue())).distinct())
                    .hasSize(1);
        }
    }

    @Provide
    Arbitrary<List<Integer>> groups() {
        return Arbitraries.integers().between(0, 4).list().ofMaxSize(16);
    }

    @Provide
    Arbitrary<Scene> scenes() {
        var held = Arbitraries.maps(
                Arbitraries.longs().between(1, 4), Arbitraries.longs().between(0, 6));
        return Combinators.combine(needs().list().ofMaxSize(12), hosts(), held, Arbitraries.longs())
                .as((needs, hosts, gpus, seed) -> {
                    var random = new Random(seed);
                    var waiting = new ArrayList<Waiter>();
                    for (var need : needs) {
                        waiting.add(new Waiter(
                                new UUID(0, waiting.size()),
                                1 + random.nextInt(4),
                                random.nextInt(3) - 1,
                                waiting.size(),
                                need));
                    }
                    return new Scene(waiting, hosts, gpus);
                });
    }

    private static Arbitrary<Need> needs() {
        return Combinators.combine(
                        Arbitraries.of(MODES),
                        Arbitraries.integers().between(1, 8),
                        Arbitraries.longs().between(1, 16),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(MODELS).injectNull(0.6),
                        Arbitraries.of(HOSTS).injectNull(0.8),
                        Arbitraries.integers().between(0, 3))
                .as((mode, cpu, gib, gpu, model, host, ports) ->
                        new Need(mode, cpu, gib * GIB, gpu, model, model == null ? 0 : 20 * GIB, host, ports));
    }

    private static Arbitrary<List<Host>> hosts() {
        var statuses = Arbitraries.of("active", "active", "active", "draining", "lost");
        var device = Combinators.combine(
                        Arbitraries.integers().between(0, 1), Arbitraries.of(MODELS), Arbitraries.of(true, false))
                .as((group, model, free) ->
                        new HostRoom.Device(0, group, model, (model.equals("A10") ? 24 : 80) * GIB, free));
        var host = Combinators.combine(
                        statuses,
                        Arbitraries.of(MODES).set().ofMinSize(1).ofMaxSize(2),
                        Arbitraries.integers().between(1, 16),
                        Arbitraries.integers().between(0, 16),
                        Arbitraries.integers().between(0, 6),
                        device.list().ofMaxSize(6))
                .as((status, modes, cpu, used, ports, devices) -> new Host(
                        "",
                        status,
                        modes,
                        cpu,
                        Math.max(0, cpu - used),
                        32 * GIB,
                        Math.max(0, 32 - used) * GIB,
                        ports,
                        devices));
        return host.list().ofMaxSize(HOSTS.size()).map(some -> {
            var named = new ArrayList<Host>();
            long gpu = 1;
            for (var one : some) {
                var devices = new ArrayList<HostRoom.Device>();
                for (var each : one.devices()) {
                    devices.add(new HostRoom.Device(gpu++, each.linkGroup(), each.model(), each.memory(), each.free()));
                }
                named.add(new Host(
                        HOSTS.get(named.size()),
                        one.status(),
                        one.modes(),
                        one.cpu(),
                        one.freeCpu(),
                        one.memory(),
                        one.freeMemory(),
                        one.ports(),
                        devices));
            }
            return named;
        });
    }
}
