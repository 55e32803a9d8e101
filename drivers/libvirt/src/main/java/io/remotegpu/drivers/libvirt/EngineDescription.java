package io.remotegpu.drivers.libvirt;

import org.jspecify.annotations.Nullable;

/**
 * What libvirt on this host is and can.
 *
 * @param reachable whether it answered; everything else is empty or 0 when not
 * @param reason why it cannot be reached, and what to do; null when it can
 * @param version of libvirt, for example {@code "9.0.0"}
 * @param hypervisorVersion of QEMU, for example {@code "7.2.22"}
 * @param acceleration what machines run on; {@link Acceleration#AUTO} when it is not reachable
 * @param accelerationReason why, for the host's record
 * @param iommu whether GPUs can be handed over safely
 * @param cpus of the host
 * @param memory of the host, in bytes
 */
public record EngineDescription(
        boolean reachable,
        @Nullable String reason,
        String version,
        String hypervisorVersion,
        Acceleration acceleration,
        String accelerationReason,
        boolean iommu,
        int cpus,
        long memory) {

    static EngineDescription unreachable(String reason) {
        return new EngineDescription(false, reason, "", "", Acceleration.AUTO, "", false, 0, 0);
    }
}
