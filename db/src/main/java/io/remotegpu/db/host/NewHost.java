package io.remotegpu.db.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host to be registered.
 *
 * @param cpu whole cores; 0 until its first heartbeat says
 * @param memory bytes; 0 until its first heartbeat says
 * @param cluster the Kubernetes cluster whose node it is, if it is one
 * @param tokenHash SHA-256 of the token it will authenticate with
 */
public record NewHost(
        String id,
        String name,
        String ipAddress,
        @Nullable String bindAddress,
        Set<DeploymentMode> modes,
        int cpu,
        long memory,
        int portMin,
        int portMax,
        @Nullable String cluster,
        @Nullable String tokenHash) {

    public static final int DEFAULT_PORT_MIN = 22000;
    public static final int DEFAULT_PORT_MAX = 29999;

    public NewHost {
        modes = Set.copyOf(modes);
    }

    @Override
    public String toString() {
        return "NewHost[" + id + "]";
    }
}
