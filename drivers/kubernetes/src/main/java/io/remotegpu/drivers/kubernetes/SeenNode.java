package io.remotegpu.drivers.kubernetes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as its cluster describes it.
 *
 * @param address where users reach its node ports; null when it has none yet
 * @param trouble why it may take nothing new (not ready, cordoned), as the end of a sentence; null when it may
 * @param cpu whole cores that pods may have
 * @param memory bytes that pods may have
 * @param gpus how many GPUs pods may have
 * @param gpuModel as its labels name it
 * @param gpuMemory bytes of each GPU; 0 where no label says it
 * @param facts versions and the like, for people
 */
public record SeenNode(
        String name,
        @Nullable String address,
        @Nullable String trouble,
        int cpu,
        long memory,
        int gpus,
        String gpuModel,
        long gpuMemory,
        Map<String, String> facts) {

    public SeenNode {
        facts = Map.copyOf(facts);
    }
}
