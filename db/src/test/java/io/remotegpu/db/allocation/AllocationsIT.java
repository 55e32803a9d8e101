package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.db.gpu.GpuRepository;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class AllocationsIT extends DatabaseTest {

    private static final String REMEDY = ": an administrator registers one, or brings its engine up";

    @Autowired
    private GpuRepository gpuRepository;

    private long user;

    @BeforeEach
    void aUser() {
        user = user("ann");
    }

    @Test
    void allocateAndReleaseTwiceAreTheSame() {
        host("host-1", 4);
        var id = created(user, Specs.terminal("a", 2));

        twice(() -> allocations.allocate(id, Set.of()));
        assertThat(allocations.allocate(id, Set.of("host-1")))
                .isEqualTo(allocations.held(id).orElseThrow());
        assertThat(environments.findById(id).orElseThrow().hostId()).isEqualTo("host-1");
        assertThat(count("hosts WHERE used_cpu = 1 AND used_memory = ?", GIB)).isEqualTo(1);
        assertNothingViolated();

        twice(() -> allocations.release(id));
        assertThat(allocations.held(id)).isEmpty();
        assertThat(count("hosts WHERE used_cpu = 0 AND used_memory = 0")).isEqualTo(1);
        assertThat(count("gpus WHERE status = 'available'")).isEqualTo(4);
        assertThat(count("gpu_allocations WHERE released_at IS NOT NULL AND model = ?", H100))
                .isEqualTo(2);
        twice(() -> allocations.release(UUID.randomUUID()));
        assertNothingViolated();
    }

    @Test
    void theAllocationNamesTheDevicesAndTheAddressToBind() {
        host("host-1", 2);
        jdbc.sql("UPDATE hosts SET bind_address = '0.0.0.0'").update();

        assertThat(allocate(Specs.terminal("a", 2)))
                .isEqualTo(new Allocation(
                        "host-1",
                        "0.0.0.0",
                        List.of(
                                new GpuDevice(0, "GPU-host-1-0", H100, 80 * GIB),
                                new GpuDevice(1, "GPU-host-1-1", H100, 80 * GIB))));
    }

    @Test
    void gpusOfOneGroupAreGivenTogether() {
        host("host-1", 4);
        allocate(Specs.terminal("a", 1));

        assertThat(allocate(Specs.terminal("b", 2)).gpus())
                .extracting(GpuDevice::index)
                .containsExactly(2, 3);
    }

    @Test
    void packingPrefersTheFullestHostThatFitsAndKeepsGpuHostsForGpus() {
        host("host-1", 4);
        host("host-2", 2);
        host("host-3", 0);

        assertThat(allocate(Specs.terminal("a", 1)).hostId()).isEqualTo("host-2");
        assertThat(allocate(Specs.terminal("b", 2)).hostId()).isEqualTo("host-1");
        assertThat(allocate(Specs.terminal("c", 1)).hostId()).isEqualTo("host-2");
        assertThat(allocate(Specs.terminal("d", 0)).hostId()).isEqualTo("host-2");
    }

    @Test
    void modelMemoryHostAndModeAreHeeded() {
        host("host-1", 1);
        host("host-2", 0);
        gpu("host-2", 0, "NVIDIA L4", 0);

        assertThat(allocate(Specs.withGpus("a", 1, "nvidia l4", null, null)).hostId())
                .isEqualTo("host-2");
        assertThat(lacks(Specs.withGpus("b", 1, "L4", null, null)))
                .containsExactly(new Lack(
                        "gpu",
                        "no active host that offers docker has 1 free GPU of model L4; the most on one host is 0"));
        assertThat(lacks(Specs.withGpus("c", 1, null, 81 * GIB, null)))
                .containsExactly(new Lack(
                        "gpu",
                        "no active host that offers docker has 1 free GPU with at least 81Gi of memory; "
                                + "the most on one host is 0"));
        assertThat(lacks(Specs.withGpus("d", 1, null, null, "host-2")))
                .containsExactly(new Lack("gpu", "host host-2 no longer has 1 free GPU; the most on one host is 0"));
        assertThat(allocate(Specs.withGpus("e", 0, null, null, "host-2")).hostId())
                .isEqualTo("host-2");
    }

    @Test
    void whatIsMissingIsSaidClearly() {
        assertThat(lacks(Specs.terminal("a", 0)))
                .containsExactly(new Lack("deployment_mode", "no host offers docker" + REMEDY));

        host("host-1", 2);
        assertThat(lacks(Specs.sized("b", 1, GIB, DeploymentMode.K8S)))
                .containsExactly(new Lack("deployment_mode", "no host offers k8s" + REMEDY));
        assertThat(lacks(Specs.sized("c", 65, 513 * GIB, DeploymentMode.DOCKER)))
                .containsExactly(
                        new Lack(
                                "cpu",
                                "no active host that offers docker has 65 free cores; the most on one host is 64"),
                        new Lack(
                                "memory",
                                "no active host that offers docker has 513Gi of free memory; "
                                        + "the most on one host is 512Gi"));
        assertThat(lacks(Specs.terminal("d", 3)))
                .containsExactly(new Lack(
                        "gpu", "no active host that offers docker has 3 free GPUs; the most on one host is 2"));

        hosts.drain("host-1");
        assertThat(lacks(Specs.terminal("e", 0)))
                .containsExactly(
                        new Lack("deployment_mode", "no host that offers docker is active: host-1 is draining"));
    }

    @Test
    void roomThatNoSingleHostHasTogetherIsNamed() {
        host("host-1", 2);
        hosts.register(newHost("host-2", 128, 1024 * GIB));
        hosts.activate("host-2");
        var spec = new EnvironmentSpec(
                "a",
                Specs.terminal("a", 0).type(),
                DeploymentMode.DOCKER,
                100,
                GIB,
                2,
                GIB,
                "image",
                java.util.Map.of(),
                null,
                null,
                null,
                null,
                0);

        assertThat(lacks(spec))
                .containsExactly(new Lack(
                        "gpu",
                        "no active host that offers docker has 100 free cores, 1Gi of free memory and 2 free GPUs "
                                + "together"));
    }

    @Test
    void excludedHostsAreNotChosen() {
        host("host-1", 1);
        host("host-2", 1);
        var id = created(user, Specs.terminal("a", 1));
        var first = allocations.allocate(id, Set.of()).hostId();
        lifecycle.enter(id, "create-" + id, "deploy");
        allocations.release(id);

        assertThat(allocations.allocate(id, Set.of(first)).hostId()).isNotEqualTo(first);

        allocations.release(id);
        assertThatThrownBy(() -> allocations.allocate(id, Set.of("host-1", "host-2")))
                .isInstanceOf(NoCapacityException.class)
                .hasMessageContaining("could not take it");
    }

    @Test
    void aStartGoesToTheHostWithTheDataOnly() {
        host("host-1", 1);
        var id = stopped(user, Specs.terminal("a", 1));
        host("host-2", 1);
        allocate(Specs.withGpus("b", 1, null, null, "host-1"));
        lifecycle.begin(id, "start", OperationKind.START, "ann");

        assertThatThrownBy(() -> allocations.allocate(id, Set.of()))
                .isInstanceOf(NoCapacityException.class)
                .hasMessage("host host-1, which has its data, no longer has 1 free GPU; the most on one host is 0");

        hosts.drain("host-1");
        assertThatThrownBy(() -> allocations.allocate(id, Set.of()))
                .isInstanceOf(NoCapacityException.class)
                .hasMessage("host host-1, which has its data, is draining, not active");
    }

    @Test
    void aGpuInErrorIsNotGivenAndAHeldOneStaysHeldUntilItIsReleased() {
        host("host-1", 1);
        var id = created(user, Specs.terminal("a", 1));
        allocations.allocate(id, Set.of());
        var gpu = gpuRepository.heldBy(id).getFirst();

        gpus.setStatus(gpu.id(), GpuStatus.ERROR, "fell off the bus");
        assertThat(allocations.held(id).orElseThrow().gpus()).hasSize(1);
        assertNothingViolated();

        allocations.release(id);
        var released = gpuRepository.findById(gpu.id()).orElseThrow();
        assertThat(released.status()).isEqualTo(GpuStatus.ERROR);
        assertThat(released.statusReason()).isEqualTo("fell off the bus");
        assertThat(released.allocatedTo()).isNull();
        assertThat(lacks(Specs.terminal("b", 1))).hasSize(1);
    }

    @Test
    void aStepThatComesTooLateTakesNothing() {
        host("host-1", 1);
        var id = created(user, Specs.terminal("a", 1));
        lifecycle.fail(id, "create-" + id, "x", "y", List.of());

        assertThatThrownBy(() -> allocations.allocate(id, Set.of())).isInstanceOf(InvalidStateException.class);
        assertThat(count("allocations")).isZero();
    }

    private Allocation allocate(EnvironmentSpec spec) {
        return allocations.allocate(created(user, spec), Set.of());
    }

    private List<Lack> lacks(EnvironmentSpec spec) {
        var id = created(user, spec);
        var before = rows();
        try {
            allocations.allocate(id, Set.of());
            throw new AssertionError("there was room");
        } catch (NoCapacityException none) {
            assertThat(rows()).isEqualTo(before);
            return none.lacks();
        }
    }
}
