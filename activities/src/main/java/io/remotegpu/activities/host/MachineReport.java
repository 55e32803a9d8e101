package io.remotegpu.activities.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a machine says of itself, at registration and with every heartbeat.
 *
 * @param id never changes, whatever becomes of the machine's name
 * @param address where its environments are reached, an IP literal
 * @param modes the engines that answer now
 * @param cpu whole cores
 * @param memory bytes
 * @param facts versions and the like, for people
 */
public record MachineReport(
        String id,
        String name,
        String address,
        Set<DeploymentMode> modes,
        int cpu,
        long memory,
        List<Gpu> gpus,
        Map<String, String> facts) {

    /**
     * One device.
     *
     * @param memory bytes
     * @param error what is wrong with it, or nothing
     */
    public record Gpu(
            int index,
            @Nullable String uuid,
            String model,
            long memory,
            @Nullable String error) {}
}
