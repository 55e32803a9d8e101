package io.remotegpu.db.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a host says of itself with a heartbeat.
 *
 * @param cpu whole cores in all
 * @param memory bytes in all
 * @param modes what its engines offer now
 * @param facts engine versions, operating system
 * @param gpus all of its GPUs
 */
public record Capacity(
        int cpu, long memory, Set<DeploymentMode> modes, Map<String, String> facts, List<GpuReport> gpus) {

    public Capacity {
        modes = Set.copyOf(modes);
        facts = Map.copyOf(facts);
        gpus = List.copyOf(gpus);
    }
}
