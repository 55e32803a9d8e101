package io.remotegpu.drivers.docker;

import java.util.Locale;

/**
 * What of an environment's disk the engine is asked to limit. Nothing tells beforehand what it can: it refuses what it cannot.
 *
 * @param home the volume of the home folder: only on file systems with project quotas
 * @param rest the container's own layer: with overlay2 only on xfs with project quotas, or with btrfs and zfs
 */
record DiskQuotas(boolean home, boolean rest) {

    /** An option of Docker's local volumes, and of containers. */
    static final String SIZE = "size";

    static DiskQuotas wanted(DiskLimits limits) {
        return new DiskQuotas(limits != DiskLimits.OFF, limits != DiskLimits.OFF);
    }

    /** Without what the engine says it cannot; the same where it says something else. */
    DiskQuotas without(String refusal) {
        String lower = refusal.toLowerCase(Locale.ROOT);
        return new DiskQuotas(home && !lower.contains("no quota support"), rest && !lower.contains("--storage-opt"));
    }

    DiskQuotas and(DiskQuotas other) {
        return new DiskQuotas(home && other.home, rest && other.rest);
    }
}
