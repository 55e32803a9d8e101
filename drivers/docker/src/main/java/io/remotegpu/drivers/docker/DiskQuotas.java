package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of an environment's disk the engine is asked to limit. Hardly anything tells beforehand what it can: it refuses what it
 * cannot.
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

    /** Whether the volume was made with a limit. */
    static boolean isLimited(InspectVolumeResponse volume) {
        return volume.getOptions() != null && volume.getOptions().containsKey(SIZE);
    }

    /** Whether the container's own layer was made with a limit. */
    static boolean isLimited(InspectContainerResponse container) {
        HostConfig config = container.getHostConfig();
        return config != null
                && config.getStorageOpt() != null
                && config.getStorageOpt().containsKey(SIZE);
    }

    /**
     * Why containers' own layers cannot be limited, where the engine's description says so much: overlay2 has quotas on xfs
     * only. Null where only a try can tell.
     */
    static @Nullable String impossibleRest(Info engine) {
        List<List<String>> statuses = engine.getDriverStatuses();
        if (!"overlay2".equals(engine.getDriver()) || statuses == null) {
            return null;
        }
        return statuses.stream()
                .filter(status -> status.size() == 2 && "Backing Filesystem".equals(status.getFirst()))
                .map(List::getLast)
                .filter(fileSystem -> !fileSystem.equals("xfs"))
                .findFirst()
                .map(fileSystem -> "its storage driver overlay2 has quotas on xfs only, and is on " + fileSystem)
                .orElse(null);
    }
}
