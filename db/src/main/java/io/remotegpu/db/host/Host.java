package io.remotegpu.db.host;

import io.remotegpu.db.StringMap;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A machine that runs environments.
 *
 * @param ipAddress where users connect to
 * @param bindAddress what services listen on, where that is another one
 * @param deploymentModes wire names of what its engines offer
 * @param totalMemory bytes
 * @param usedCpu the sum of what environments hold
 * @param facts what it last said of itself
 * @param cluster the Kubernetes cluster whose node it is, if it is one
 * @param statusReason why it is what it is, where there is more to say
 * @param unswept whether it was declared lost, and its engines may still carry what was freed here: it is given nothing
 * @param drainStops whether what runs on it is being stopped, too
 * @param tokenHash SHA-256 of the token it authenticates with
 */
@Table("hosts")
public record Host(
        @Id String id,
        String name,
        String ipAddress,
        @Nullable String bindAddress,
        List<String> deploymentModes,
        HostStatus status,
        int totalCpu,
        long totalMemory,
        int usedCpu,
        long usedMemory,
        int portMin,
        int portMax,
        StringMap facts,
        @Nullable String cluster,
        @Nullable String statusReason,
        Instant statusSince,
        boolean unswept,
        boolean drainStops,
        @Nullable String tokenHash,
        @Nullable Instant lastHeartbeat,
        Instant createdAt,
        Instant updatedAt) {

    /** So begin the names of the facts that say what its engines are to keep environments from and do not. */
    public static final String UNGUARDED = "unguarded.";

    public Host {
        deploymentModes = List.copyOf(deploymentModes);
    }

    /** What its engines offer. */
    public Set<DeploymentMode> modes() {
        return deploymentModes.stream().map(DeploymentMode::fromWireName).collect(Collectors.toUnmodifiableSet());
    }

    /** What its engines are to keep environments from and do not, why, and what to do, as it last said. */
    public List<String> unguarded() {
        return new TreeMap<>(facts.values())
                .entrySet().stream()
                        .filter(fact -> fact.getKey().startsWith(UNGUARDED))
                        .map(Map.Entry::getValue)
                        .toList();
    }

    /** The address that services listen on. */
    public String listenAddress() {
        return bindAddress == null ? ipAddress : bindAddress;
    }

    @Override
    public String toString() {
        return "Host[" + id + ", " + status.wireName() + "]";
    }
}
