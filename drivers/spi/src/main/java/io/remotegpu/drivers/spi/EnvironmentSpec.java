package io.remotegpu.drivers.spi;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user asked for: made once from the request, then carried unchanged to the engine.
 *
 * @param name unique per user among environments that are not deleted; a DNS label
 * @param type decides services and default image
 * @param mode which kind of engine runs it
 * @param cpu whole cores, at least 1
 * @param memory bytes
 * @param gpu number of GPUs, 0 or more
 * @param storage bytes of the data volume that outlives stop and start
 * @param image image reference, already resolved from the installation's defaults and checked against its allow-list
 * @param env variables for the user's processes; visible to operators in Temporal's UI, so not a place for secrets
 * @param gpuModel only GPUs of this model (exact, case-insensitive), or any
 * @param gpuMemoryMin only GPUs with at least this many bytes, or any
 * @param hostId only this host, or any
 * @param idleTimeout how long unused before it may be stopped, or the installation's default
 * @param priority order within one user's waiting requests, higher first; 0 by default
 */
public record EnvironmentSpec(
        String name,
        EnvironmentType type,
        DeploymentMode mode,
        int cpu,
        long memory,
        int gpu,
        long storage,
        String image,
        Map<String, String> env,
        @Nullable String gpuModel,
        @Nullable Long gpuMemoryMin,
        @Nullable String hostId,
        @Nullable Duration idleTimeout,
        int priority) {

    public EnvironmentSpec {
        env = Map.copyOf(env);
    }
}
