package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.model.Network;
import io.remotegpu.drivers.docker.PacketFilter.FilterException;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what environments may not reach closed, as the settings say. Looks again every minute that it is asked in: others
 * write the same filter, and may empty it.
 */
final class NetworkGuard {

    private static final Logger log = LoggerFactory.getLogger(NetworkGuard.class);
    private static final long AGAIN_AFTER = Duration.ofMinutes(1).toNanos();
    private static final String BRIDGE_NAME = "com.docker.network.bridge.name";

    private final DockerDriverSettings settings;
    private final PacketFilter filter = new PacketFilter();
    private @Nullable String bridge;
    private @Nullable Long closedAt;
    private @Nullable String trouble;

    NetworkGuard(DockerDriverSettings settings) {
        this.settings = settings;
    }

    /** The network is there, perhaps anew. */
    synchronized void watch(Network network) {
        String named =
                network.getOptions() == null ? null : network.getOptions().get(BRIDGE_NAME);
        String interfaceName = named == null
                ? "br-"
                        + network.getId()
                                .substring(0, Math.min(12, network.getId().length()))
                : named;
        if (!interfaceName.equals(bridge)) {
            bridge = interfaceName;
            closedAt = null;
        }
    }

    /** @throws DriverException where the rules are required and cannot be written */
    synchronized void keep() {
        if (settings.firewall() == Firewall.OFF || bridge == null || isFresh()) {
            return;
        }
        try {
            filter.close(bridge, settings.closedNetworks());
            trouble = null;
        } catch (FilterException e) {
            if (settings.firewall() == Firewall.REQUIRED) {
                throw new DriverException(
                        ErrorKind.PERMISSION_DENIED,
                        "environments would reach this machine and closed networks: " + e.getMessage()
                                + "; give this process CAP_NET_ADMIN and iptables, or set docker.firewall to auto",
                        e);
            }
            say(String.valueOf(e.getMessage()));
        }
        closedAt = System.nanoTime();
    }

    private boolean isFresh() {
        return closedAt != null && System.nanoTime() - closedAt < AGAIN_AFTER;
    }

    /** Once for each reason. */
    private void say(String reason) {
        if (!reason.equals(trouble)) {
            log.warn(
                    "environments on the Docker network {} reach this machine's own addresses and closed networks, because"
                            + " their rules cannot be written: {}. Give this process CAP_NET_ADMIN and iptables, or write"
                            + " them yourself (docs/operations.md)",
                    settings.network(),
                    reason);
            trouble = reason;
        }
    }
}
