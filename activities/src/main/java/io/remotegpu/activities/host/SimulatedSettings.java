package io.remotegpu.activities.host;

import io.remotegpu.drivers.simulated.FaultScript;
import io.remotegpu.drivers.simulated.Faults;
import io.remotegpu.drivers.simulated.SimulatedDriver;
import io.remotegpu.drivers.simulated.SimulatedDriverSettings;
import io.remotegpu.drivers.simulated.UnreliableDriver;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * For trials only: how simulated engines are.
 *
 * @param folder where they outlive this process, and are told what is to go wrong; without one they are forgotten with
 *     the process, and all goes well
 */
@ConfigurationProperties("remotegpu.simulated")
public record SimulatedSettings(@Nullable Path folder) {

    /** As people have them who try RemoteGPU out. */
    public static SimulatedSettings defaults() {
        return new SimulatedSettings(null);
    }

    EnvironmentDriver driver(String host) {
        if (folder == null) {
            return new SimulatedDriver();
        }
        var engine = new SimulatedDriver(SimulatedDriverSettings.defaults(), Faults.none(), folder.resolve(host));
        return new UnreliableDriver(engine, new FaultScript(folder, host));
    }
}
