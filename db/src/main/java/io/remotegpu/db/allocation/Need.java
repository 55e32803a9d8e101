package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import org.jspecify.annotations.Nullable;

/**
 * What an environment asks of a host; equal ones are in each other's way in the same way.
 *
 * @param pinnedTo the only host that may take it
 * @param ports how many it must lease beside those it has
 */
record Need(
        String mode,
        int cpu,
        long memory,
        int gpu,
        @Nullable String gpuModel,
        long gpuMemory,
        @Nullable String pinnedTo,
        int ports) {

    /** @param leased ports that it kept from before; those are on the host with its data */
    static Need of(Environment environment, int leased) {
        return new Need(
                environment.deploymentMode().wireName(),
                environment.cpu(),
                environment.memory(),
                environment.gpu(),
                environment.gpuModel(),
                Candidates.gpuMemory(environment),
                Candidates.pinnedTo(environment),
                Math.max(0, environment.environmentType().services().size() - leased));
    }

    boolean suits(HostRoom.Device gpu) {
        return gpu.memory() >= gpuMemory && (gpuModel == null || gpuModel.equalsIgnoreCase(gpu.model()));
    }
}
