package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GpuProbeTest {

    @Test
    void eachLineIsOneGpu() {
        var found = GpuProbe.parse("""
                0, GPU-4f2e, NVIDIA H100 80GB HBM3, 81559
                1, GPU-77aa, Model, with comma, 24576
                """);

        assertThat(found.gpus())
                .containsExactly(
                        new HostReport.Gpu(0, "GPU-4f2e", "NVIDIA H100 80GB HBM3", 81559L << 20),
                        new HostReport.Gpu(1, "GPU-77aa", "Model, with comma", 24576L << 20));
        assertThat(found.trouble()).isEmpty();
    }

    @Test
    void aGpuThatCannotBeReadIsLeftOutAndTold() {
        var found = GpuProbe.parse("0, GPU-1, NVIDIA A100, 40960\n1, GPU-2, NVIDIA A100, [Unknown Error]\n");

        assertThat(found.gpus()).extracting(HostReport.Gpu::index).containsExactly(0);
        assertThat(found.trouble()).contains("GPU-2");
    }

    @Test
    void noLinesAreNoGpus() {
        assertThat(GpuProbe.parse("\n")).isEqualTo(GpuProbe.Found.NOTHING);
    }
}
