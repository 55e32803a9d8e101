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

    private Specs() {}
}
