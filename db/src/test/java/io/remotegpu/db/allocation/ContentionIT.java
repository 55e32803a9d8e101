package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.Together;
import io.remotegpu.db.gpu.Gpu;
import io.remotegpu.db.gpu.GpuRepository;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.GpuReport;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ContentionIT extends DatabaseTest {

    private static final int CALLERS = 64;

    @Autowired
    private GpuRepository gpuRepository;

    private long user;

    @BeforeEach
    void aUser() {
        user = user("ann");
    }

    @Test
    void sixtyFourForSixteenGpusGiveExactlySixteenBesideHeartbeatsAndStatusChanges() throws InterruptedException {
        for (var host : List.of("host-1", "host-2", "host-3", "host-4")) {
            host(host, 4);
        }
        var calls = new ArrayList<Callable<Object>>();
        for (var id : environments(CALLERS, 1)) {
            calls.add(() -> allocations.allocate(id, Set.of()));
        }
        for (int i = 0; i < CALLERS; i++) {
            var host = "host-" + (i % 4 + 1);
            calls.add(() -> hosts.heartbeat(host, capacity(host, 4)));
        }
        var ids = allGpus().stream().map(Gpu::id).toList();
        for (int i = 0; i < CALLERS; i++) {
            var gpu = ids.get(i % ids.size());
            // Only the word that changes nothing: one in error would rightly not be given.
            calls.add(() -> gpus.setStatus(gpu, GpuStatus.AVAILABLE, null));
        }

        var outcomes = Together.run(calls);

        assertThat(outcomes.subList(0, CALLERS))
                .filteredOn(outcome -> outcome.failure() == null)
                .hasSize(16);
        assertThat(outcomes.subList(0, CALLERS))
                .filteredOn(outcome -> outcome.failure() != null)
                .allSatisfy(outcome -> assertThat(outcome.failure()).isInstanceOf(NoCapacityException.class));
        assertThat(outcomes.subList(CALLERS, outcomes.size()))
                .allSatisfy(outcome -> assertThat(outcome.failure()).isNull());
        assertThat(allGpus()).hasSize(16).allSatisfy(gpu -> {
            assertThat(gpu.status()).isEqualTo(GpuStatus.ALLOCATED);
            assertThat(gpu.allocatedTo()).isNotNull();
        });
        assertThat(allGpus().stream().map(Gpu::allocatedTo).distinct()).hasSize(16);
        assertNothingViolated();
    }

    @Test
    void gpusThatFailWhileTheyAreGivenAreNeitherLostNorGivenTwice() throws InterruptedException {
        host("host-1", 8);
        host("host-2", 8);
        var calls = new ArrayList<Callable<Object>>();
        for (var id : environments(CALLERS, 1)) {
            calls.add(() -> allocations.allocate(id, Set.of()));
        }
        allGpus().forEach(gpu -> calls.add(() -> gpus.setStatus(gpu.id(), GpuStatus.ERROR, "broken")));

        var outcomes = Together.run(calls);

        var given = outcomes.subList(0, CALLERS).stream()
                .filter(outcome -> outcome.failure() == null)
                .count();
        assertThat(count("gpus WHERE allocated_to IS NOT NULL")).isEqualTo(given);
        assertThat(count("gpus WHERE status = 'error'")).isEqualTo(16);
        assertNothingViolated();

        allGpus().forEach(gpu -> gpus.setStatus(gpu.id(), GpuStatus.AVAILABLE, null));
        assertThat(count("gpus WHERE status = 'allocated'")).isEqualTo(given);
        assertThat(count("gpus WHERE status = 'available'")).isEqualTo(16 - given);
        assertNothingViolated();
    }

    @Test
    void theSameAllocationFromManyCallersIsOne() throws InterruptedException {
        host("host-1", 8);
        var id = created(user, Specs.terminal("a", 2));
        var calls = new ArrayList<Callable<Allocation>>();
        for (int i = 0; i < CALLERS; i++) {
            calls.add(() -> allocations.allocate(id, Set.of()));
        }

        var outcomes = Together.run(calls);

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.failure()).isNull());
        assertThat(outcomes.stream().map(Together.Outcome::result).distinct()).hasSize(1);
        assertThat(count("gpus WHERE allocated_to IS NOT NULL")).isEqualTo(2);
        assertNothingViolated();
    }

    @Test
    void sixtyFourLeasesOnOneHostShareNoPort() throws InterruptedException {
        host("host-1", 0);
        jdbc.sql("UPDATE hosts SET total_cpu = 1000").update();
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < CALLERS; i++) {
            var id = created(user, Specs.spec("e" + i, EnvironmentType.DESKTOP, 0));
            allocations.allocate(id, Set.of());
            ids.add(id);
        }
        var calls = new ArrayList<Callable<Object>>();
        ids.forEach(id -> calls.add(() -> ports.lease(id)));

        assertThat(Together.run(calls))
                .allSatisfy(outcome -> assertThat(outcome.failure()).isNull());

        assertThat(count("port_leases")).isEqualTo(3L * CALLERS);
        assertThat(jdbc.sql("SELECT max(port) FROM port_leases")
                        .query(Integer.class)
                        .single())
                .isEqualTo(22000 + 3 * CALLERS - 1);
        assertNothingViolated();
    }

    /** Everything that locks, on the same few hosts, for long enough that a wrong order would meet itself. */
    @Test
    void nothingDeadlocksAndNothingLeaks() throws InterruptedException {
        host("host-1", 4);
        host("host-2", 4);
        host("host-3", 4);
        var calls = new ArrayList<Callable<Object>>();
        for (var id : environments(32, 2)) {
            calls.add(() -> {
                for (int round = 0; round < 12; round++) {
                    try {
                        allocations.allocate(id, Set.of());
                        ports.lease(id);
                        ports.setAside(id, 22000 + round, java.time.Duration.ofMillis(1));
                    } catch (NoCapacityException full) {
                        // Then there is nothing to release, which must be fine too.
                    }
                    ports.release(id);
                    allocations.release(id);
                }
                return null;
            });
        }
        var ids = allGpus().stream().map(Gpu::id).toList();
        for (int i = 0; i < 16; i++) {
            var random = new Random(i);
            calls.add(() -> {
                for (int round = 0; round < 20; round++) {
                    var host = "host-" + (random.nextInt(3) + 1);
                    hosts.heartbeat(host, capacity(host, 4));
                    var status = random.nextBoolean() ? GpuStatus.ERROR : GpuStatus.AVAILABLE;
                    gpus.setStatus(ids.get(random.nextInt(ids.size())), status, "chaos");
                }
                return null;
            });
        }

        assertThat(Together.run(calls))
                .allSatisfy(outcome -> assertThat(outcome.failure()).isNull());

        assertThat(count("gpus WHERE allocated_to IS NOT NULL")).isZero();
        assertThat(count("hosts WHERE used_cpu <> 0 OR used_memory <> 0")).isZero();
        assertThat(count("gpus")).isEqualTo(12);
        assertNothingViolated();
    }

    private List<UUID> environments(int count, int gpuCount) {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < count; i++) {
            ids.add(created(user, Specs.terminal("e" + i, gpuCount)));
        }
        return ids;
    }

    private List<Gpu> allGpus() {
        return hostsIds().stream()
                .flatMap(id -> gpuRepository.ofHost(id).stream())
                .toList();
    }

    private List<String> hostsIds() {
        return jdbc.sql("SELECT id FROM hosts ORDER BY id").query(String.class).list();
    }

    private static Capacity capacity(String host, int gpuCount) {
        var reports = new ArrayList<GpuReport>();
        for (int index = 0; index < gpuCount; index++) {
            reports.add(new GpuReport(index, "GPU-" + host + "-" + index, H100, 80 * GIB, null, index / 2));
        }
        return new Capacity(64, 512 * GIB, Set.of(DeploymentMode.DOCKER), Map.of("engine", "docker"), reports);
    }
}
