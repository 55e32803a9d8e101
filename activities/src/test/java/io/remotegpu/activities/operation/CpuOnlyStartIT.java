package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.activities.testing.Holdings;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Operations;
import io.remotegpu.db.environment.EnvironmentWishes;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files are edited while somebody else has the GPU; and a size that changed is brought up. */
class CpuOnlyStartIT extends InstallationTest {

    private static final Holdings WITHOUT_GPU = new Holdings(0, 1, 1, 1, 1);

    @BeforeEach
    void host() {
        installation.host(HOST, 1);
    }

    @Test
    void itStartsWithoutItsGpuWhileAnotherHasItAndWithItAfterwards() {
        stopped();
        var other = create("other");
        assertThatThrownBy(() -> operations.start(id))
                .satisfies(refused -> assertThat(Operations.refusal(refused)).contains("NO_CAPACITY"));

        operations.startWith(id, 0);
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, WITHOUT_GPU);
        assertThat(installation.driver(HOST).running(id).orElseThrow().gpus()).isEmpty();
        assertThat(installation.environment(id).fullGpu()).isEqualTo(1);

        operations.stop(id);
        awaitEnd();
        operations.stop(other);
        operations.awaitEnd(other);
        operations.start(id);
        awaitEnd();
        assertStatus(EnvironmentStatus.RUNNING, Holdings.OF_A_RUNNING_TERMINAL);
        assertThat(installation.driver(HOST).running(id).orElseThrow().gpus()).hasSize(1);
        delete();
    }

    @Test
    void aNewSizeIsBroughtUp() {
        stopped();
        installation.bean(EnvironmentWishes.class).resize(id, 4, 8L << 30, 0);

        operations.start(id);
        awaitEnd();

        assertStatus(EnvironmentStatus.RUNNING, WITHOUT_GPU);
        var spec = installation.driver(HOST).running(id).orElseThrow().spec();
        assertThat(spec.cpu()).isEqualTo(4);
        assertThat(spec.memory()).isEqualTo(8L << 30);
        assertThat(spec.gpu()).isZero();
    }
}
