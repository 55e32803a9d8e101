package io.remotegpu.activities.host;

import io.remotegpu.db.host.Host;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /** What it offers now, for people: {@code "docker 26.1.5"}. */
    public List<String> offers() {
        return modes.stream()
                .map(mode -> (mode + " " + (mode.equals("simulated") ? "" : facts.getOrDefault(mode, ""))).strip())
                .toList();
    }

    /** With what its engines are to keep environments from and do not, among the facts. */
    HostReport unguarded(Map<String, String> open) {
        if (open.isEmpty()) {
            return this;
        }
        var all = new TreeMap<>(facts);
        open.forEach((name, sentence) -> all.put(Host.UNGUARDED + name, sentence));
        return new HostReport(id, name, address, bindAddress, modes, engines, cpu, memory, gpus, all);
    }

    /**
     * One device: a whole card, or a MIG instance.
     *
     * @param memory bytes
     * @param error why nothing new may run on it; absent when it is well
     */
    public record Gpu(
            int index,
            String uuid,
            String model,
            long memory,
            @Nullable String error) {

        /** A device that is well. */
        public Gpu(int index, String uuid, String model, long memory) {
            this(index, uuid, model, memory, null);
        }
    }
}
