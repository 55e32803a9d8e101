package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.Map;

/** The drivers of one host: the only place where a mode chooses code. */
public final class Drivers {

    private final Map<DeploymentMode, EnvironmentDriver> byMode;

    public Drivers(Map<DeploymentMode, EnvironmentDriver> byMode) {
        this.byMode = Map.copyOf(byMode);
    }

    /** The driver of that mode; {@link ErrorKind#UNSUPPORTED} when the host has none. */
    EnvironmentDriver of(DeploymentMode mode) {
        var driver = byMode.get(mode);
        if (driver == null) {
            throw new DriverException(
                    ErrorKind.UNSUPPORTED, "this host has no driver for " + mode.wireName() + " environments");
        }
        return driver;
    }
}
