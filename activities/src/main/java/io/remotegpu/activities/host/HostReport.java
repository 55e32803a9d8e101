package io.remotegpu.activities.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a machine says of itself, at registration and with every heartbeat.
 *
 * @param id never changes, whatever becomes of the machine's name
 * @param address where its environments are reached
 * @param bindAddress where its environments' ports are opened
 * @param modes the engines that it offers now, as deployment modes' wire names
 * @param engines the engines that it may have, answering now or not
 * @param cpu cores
 * @param memory bytes
 * @param facts versions and the like, for people
 */
public record HostReport(
        String id,
        String name,
        String address,
        String bindAddress,
        List<String> modes,
        Set<DeploymentMode> engines,
        int cpu,
        long memory,
        List<Gpu> gpus,
        Map<String, String> facts) {

    /**
     * One device.
     *
     * @param memory bytes
     */
    public record Gpu(int index, String uuid, String model, long memory) {}
}
