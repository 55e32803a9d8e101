package io.remotegpu.db;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.time.Duration;
import java.util.Map;

/** Specs of small environments. */
public final class Specs {

    private static final long GIB = 1L << 30;

    public static EnvironmentSpec terminal(String name, int gpus) {
        return spec(name, EnvironmentType.TERMINAL, gpus);
    }

    public static EnvironmentSpec spec(String name, EnvironmentType type, int gpus) {
        return new EnvironmentSpec(
                name, type, DeploymentMode.DOCKER, 1, GIB, gpus, GIB, "image", Map.of(), null, null, null, null, 0);
    }

    /** With every optional field set. */
    public static EnvironmentSpec full(String name, String hostId) {
        return new EnvironmentSpec(
                name,
                EnvironmentType.IDE,
                DeploymentMode.DOCKER,
                4,
                16 * GIB,
                2,
                50 * GIB,
                "remotegpu/ide:1",
                Map.of("A", "1", "B", "ä \" '"),
                "nvidia h100",
                40 * GIB,
                hostId,
                Duration.ofHours(2),
                7);
    }

    public static EnvironmentSpec withGpus(String name, int gpus, String model, Long memoryMin, String hostId) {
        return new EnvironmentSpec(
                name,
                EnvironmentType.TERMINAL,
                DeploymentMode.DOCKER,
                1,
                GIB,
                gpus,
                GIB,
                "image",
                Map.of(),
                model,
                memoryMin,
                hostId,
                null,
                0);
    }

    public static EnvironmentSpec sized(String name, int cpu, long memory, DeploymentMode mode) {
        return new EnvironmentSpec(
                name,
                EnvironmentType.TERMINAL,
                mode,
                cpu,
                memory,
                0,
                GIB,
                "image",
                Map.of(),
                null,
                null,
                null,
                null,
                0);
    }

    private Specs() {}
}
