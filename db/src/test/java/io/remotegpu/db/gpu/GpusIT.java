package io.remotegpu.db.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class GpusIT extends DatabaseTest {

    @Autowired
    private GpuRepository repository;

    @Test
    void aGpuIsRegisteredOncePerIndexAndUuid() {
        host("host-1", 1);

        assertThatThrownBy(() -> gpus.register(new NewGpu("host-1", 0, null, "L4", GIB, 0)))
                .isInstanceOf(GpuExistsException.class);
        assertThatThrownBy(() -> gpus.register(new NewGpu("host-1", 1, "GPU-host-1-0", "L4", GIB, 0)))
                .isInstanceOf(GpuExistsException.class);
        assertThat(gpus.register(new NewGpu("nobody", 0, null, "L4", GIB, 0))).isEmpty();
    }

    @Test
    void gpusAreListedByStatusModelAndHost() {
        host("host-1", 2);
        host("host-2", 2);
        var l4 = gpu("host-2", 2, "NVIDIA L4", 0);
        gpus.setStatus(l4, GpuStatus.ERROR, "broken");

        assertThat(search(null, null, null)).isEqualTo(5);
        assertThat(search(GpuStatus.ERROR, null, null)).isEqualTo(1);
        assertThat(search(null, "nvidia h100", null)).isEqualTo(4);
        assertThat(search(null, H100, "host-2")).isEqualTo(2);
        assertThat(search(GpuStatus.ERROR, H100, "host-2")).isZero();
        var second = repository.search(new GpuFilter(null, null, null), 1, 2);
        assertThat(second.getContent()).extracting(Gpu::hostId).containsExactly("host-2", "host-2");
        assertThat(second.getTotalElements()).isEqualTo(5);
    }

    @Test
    void statusIsSetTwiceLikeOnceAndNeverFrees() {
        host("host-1", 1);
        var id = created(user("ann"), Specs.terminal("a", 1));
        allocations.allocate(id, Set.of());
        var gpu = repository.heldBy(id).getFirst().id();

        gpus.setStatus(gpu, GpuStatus.ERROR, "broken");
        assertThat(repository.heldBy(id)).hasSize(1);
        assertThat(gpus.setStatus(gpu, GpuStatus.AVAILABLE, null).orElseThrow())
                .extracting(Gpu::status, Gpu::statusReason, Gpu::allocatedTo)
                .containsExactly(GpuStatus.ALLOCATED, null, id);
        assertThat(gpus.setStatus(-1, GpuStatus.ERROR, "x")).isEmpty();
        assertThatThrownBy(() -> gpus.setStatus(gpu, GpuStatus.ALLOCATED, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(repository.heldByAny(Set.of(id))).hasSize(1);
        assertNothingViolated();
    }

    /** Looked at between two users: what is in error by then is free for nobody when it is given back. */
    @Test
    void aGpuThatItsHostPutsInErrorWhileItIsHeldIsNeverFree() {
        host("host-1", 2);
        jdbc.sql("UPDATE gpus SET reported = true").update();
        var id = created(user("ann"), Specs.terminal("a", 2));
        allocations.allocate(id, Set.of());
        assertThat(gpus.heldBy("host-1", id)).containsExactly("GPU-host-1-0", "GPU-host-1-1");
        assertThat(gpus.heldBy("host-2", id)).isEmpty();

        twice(() -> gpus.putInError("host-1", Map.of("GPU-host-1-1", "a process is left", "GPU-nobody", "x")));
        gpus.putInError("host-2", Map.of("GPU-host-1-0", "not yours"));
        allocations.release(id);

        assertThat(repository.search(new GpuFilter(null, null, null), 0, 9).getContent())
                .extracting(Gpu::status, Gpu::statusReason, Gpu::allocatedTo)
                .containsExactly(
                        tuple(GpuStatus.AVAILABLE, null, null), tuple(GpuStatus.ERROR, "a process is left", null));
        gpus.putInError("host-1", Map.of("GPU-host-1-1", "something else"));
        assertThat(search(GpuStatus.ERROR, null, null)).isEqualTo(1);
        assertNothingViolated();
    }

    /** That reason passes by itself; the one of the check does not. */
    @Test
    void aGpuThatIsMissingAndDirtyIsNotFreeWhenItIsThereAgain() {
        host("host-1", 1);
        jdbc.sql("UPDATE gpus SET status = 'error', status_reason = ?")
                .param(Gpu.NOT_REPORTED)
                .update();

        gpus.putInError("host-1", Map.of("GPU-host-1-0", "a process is left"));

        assertThat(repository.search(new GpuFilter(null, null, null), 0, 9).getContent())
                .extracting(Gpu::statusReason)
                .containsExactly("a process is left");
    }

    private long search(GpuStatus status, String model, String hostId) {
        return repository.search(new GpuFilter(status, model, hostId), 0, 20).getTotalElements();
    }
}
