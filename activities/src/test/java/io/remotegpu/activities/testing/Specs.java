package io.remotegpu.activities.testing;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.util.Map;

/** Specs of small environments. */
public final class Specs {

    public static final long GIB = 1L << 30;

    public static EnvironmentSpec terminal(String name, int gpus) {
        return of(name, EnvironmentType.TERMINAL, gpus);
    }

    public static EnvironmentSpec of(String name, EnvironmentType type, int gpus) {
        return new EnvironmentSpec(
                name, type, DeploymentMode.SIMULATED, 1, GIB, gpus, GIB, "image", Map.of(), null, null, null, null, 0);
    }

    /** A terminal with one GPU on that host only. */
    public static EnvironmentSpec on(String hostId, String name) {
        return new EnvironmentSpec(
                name,
                EnvironmentType.TERMINAL,
                DeploymentMode.SIMULATED,
                1,
                GIB,
                1,
                GIB,
                "image",
                Map.of(),
                null,
                null,
                hostId,
                null,
                0);
    }

    private Specs() {}
}
