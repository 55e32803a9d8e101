package io.remotegpu.db.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.gpu.Gpu;
import io.remotegpu.db.gpu.GpuRepository;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.gpu.NewGpu;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class GpuReportsIT extends DatabaseTest {

    @Autowired
    private GpuRepository repository;

    @BeforeEach
    void aHost() {
        host("host-1", 0);
    }

    @Test
    void newGpusAreAddedOnce() {
        report(gpu(0, "GPU-a"), gpu(1, "GPU-b"));
        var once = rows().tables().get("gpus");
        report(gpu(0, "GPU-a"), gpu(1, "GPU-b"));

        assertThat(rows().tables().get("gpus")).isEqualTo(once).hasSize(2);
        assertThat(gpus()).allSatisfy(gpu -> assertThat(gpu.status()).isEqualTo(GpuStatus.AVAILABLE));
    }

    @Test
    void aFaultIsNotedAndStaysUntilAnAdministratorSaysOtherwise() {
        report(gpu(0, "GPU-a"));
        report(faulty(0, "GPU-a", "ECC errors"));
        report(gpu(0, "GPU-a"));

        assertThat(gpus().getFirst())
                .extracting(Gpu::status, Gpu::statusReason)
                .containsExactly(GpuStatus.ERROR, "ECC errors");
    }

    @Test
    void aHeldGpuStaysHeldWhateverIsReported() {
        report(gpu(0, "GPU-a"));
        var holder = holder();

        report(faulty(0, "GPU-a", "ECC errors"));
        assertHeldBy(holder, "GPU-a");
        report();
        assertHeldBy(holder, "GPU-a");
        report(gpu(0, "GPU-a"));
        assertHeldBy(holder, "GPU-a");
        assertThat(report(gpu(0, "GPU-z"))).singleElement().asString().contains("GPU-z", "GPU-a");
        assertHeldBy(holder, "GPU-a");
        assertThat(gpus()).hasSize(1);
        assertNothingViolated();

        allocations.release(holder);
        assertThat(gpus().getFirst().allocatedTo()).isNull();
    }

    @Test
    void aGpuThatIsNotReportedIsNotGivenUntilItIsAgain() {
        report(gpu(0, "GPU-a"), gpu(1, "GPU-b"));
        var holder = holder();

        report();
        assertThat(gpus()).extracting(Gpu::status).containsOnly(GpuStatus.ERROR);

        report(gpu(0, "GPU-a"), gpu(1, "GPU-b"));
        assertThat(gpus()).extracting(Gpu::status).containsExactly(GpuStatus.ALLOCATED, GpuStatus.AVAILABLE);
        assertHeldBy(holder, "GPU-a");
        assertNothingViolated();
    }

    @Test
    void aGpuRegisteredByHandIsNotMissedUntilItsHostHasNamedIt() {
        gpus.register(new NewGpu("host-1", 0, null, H100, 80 * GIB, 0));

        report();
        assertThat(gpus().getFirst().status()).isEqualTo(GpuStatus.AVAILABLE);

        report(gpu(0, "GPU-a"));
        assertThat(gpus())
                .singleElement()
                .satisfies(gpu -> assertThat(gpu.uuid()).isEqualTo("GPU-a"));
    }

    @Test
    void devicesThatChangePlacesKeepTheirHolders() {
        report(gpu(0, "GPU-a"), gpu(1, "GPU-b"), gpu(2, "GPU-c"));
        var holder = holder();

        assertThat(report(gpu(1, "GPU-a"), gpu(2, "GPU-b"), gpu(0, "GPU-c"))).isEmpty();

        assertThat(gpus()).extracting(Gpu::uuid).containsExactly("GPU-c", "GPU-a", "GPU-b");
        assertHeldBy(holder, "GPU-a");
    }

    @Test
    void aDeviceMayTakeThePlaceOfOneThatIsGone() {
        report(gpu(0, "GPU-a"), gpu(1, "GPU-b"));

        report(gpu(0, "GPU-b"));

        assertThat(gpus().getFirst().uuid()).isEqualTo("GPU-b");
        assertThat(gpus().getFirst().status()).isEqualTo(GpuStatus.AVAILABLE);
        assertThat(gpus().getLast()).extracting(Gpu::uuid, Gpu::status).containsExactly("GPU-a", GpuStatus.ERROR);

        report(gpu(0, "GPU-b"), gpu(1, "GPU-new"));
        report(gpu(0, "GPU-b"), gpu(1, "GPU-newer"));
        assertThat(gpus()).extracting(Gpu::uuid).contains("GPU-b", "GPU-newer").doesNotContain("GPU-new");
    }

    @Test
    void aGpuOfAnotherHostIsLeftThere() {
        report(gpu(0, "GPU-a"));
        host("host-2", 0);

        assertThat(hosts.heartbeat("host-2", capacity(gpu(0, "GPU-a"))).orElseThrow())
                .singleElement()
                .asString()
                .contains("GPU-a", "host-2");
        assertThat(repository.ofHost("host-2")).isEmpty();
    }

    private UUID holder() {
        var id = created(user("ann"), Specs.terminal("a", 1));
        allocations.allocate(id, Set.of());
        return id;
    }

    private void assertHeldBy(UUID id, String uuid) {
        assertThat(repository.heldBy(id))
                .singleElement()
                .satisfies(gpu -> assertThat(gpu.uuid()).isEqualTo(uuid));
    }

    private List<Gpu> gpus() {
        return repository.ofHost("host-1");
    }

    private List<String> report(GpuReport... reports) {
        return hosts.heartbeat("host-1", capacity(reports)).orElseThrow();
    }

    private static Capacity capacity(GpuReport... reports) {
        return new Capacity(64, 512 * GIB, Set.of(DeploymentMode.DOCKER), Map.of(), List.of(reports));
    }

    private static GpuReport gpu(int index, @Nullable String uuid) {
        return new GpuReport(index, uuid, H100, 80 * GIB, null, 0);
    }

    private static GpuReport faulty(int index, String uuid, String error) {
        return new GpuReport(index, uuid, H100, 80 * GIB, error, 0);
    }
}
