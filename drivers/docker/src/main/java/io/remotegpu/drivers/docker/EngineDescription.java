package io.remotegpu.drivers.docker;

import org.jspecify.annotations.Nullable;

/**
 * What an engine is and can, as it says itself.
 *
 * @param reachable whether it answered; everything else is empty or 0 when not
 * @param reason why it cannot be reached, and what to do; null when it can
 * @param version of the engine, for example {@code "26.1.5"}
 * @param apiVersion the newest of its API, for example {@code "1.45"}
 * @param cdi whether it takes CDI device names
 * @param nvidiaRuntime whether NVIDIA's runtime is registered with it
 * @param cpus of the host
 * @param memory of the host, in bytes
 */
public record EngineDescription(
        boolean reachable,
        @Nullable String reason,
        String version,
        String apiVersion,
        boolean cdi,
        boolean nvidiaRuntime,
        int cpus,
        long memory) {

    static EngineDescription unreachable(String reason) {
        return new EngineDescription(false, reason, "", "", false, false, 0, 0);
    }
}
