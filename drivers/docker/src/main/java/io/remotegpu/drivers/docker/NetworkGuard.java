package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.model.Network;
import io.remotegpu.drivers.docker.PacketFilter.FilterException;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.time.Duration;
import java.util.Optional;
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
    private final PacketFilter filter;
    private @Nullable String bridge;
    private @Nullable Long lookedAt;
    /** Why it is open; null while it is closed, or nobody has looked. */
    private volatile @Nullable String trouble;
    /** Why rules of networks that are gone are still there. */
    private @Nullable String leftover;

    NetworkGuard(DockerDriverSettings settings) {
        this(settings, new PacketFilter());
    }

    NetworkGuard(DockerDriverSettings settings, PacketFilter filter) {
        this.settings = settings;
        this.filter = filter;
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
            lookedAt = null;
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
            String reason = String.valueOf(e.getMessage());
            if (settings.firewall() == Firewall.REQUIRED) {
                trouble = reason;
                throw new DriverException(
                        e.isPassing() ? ErrorKind.ENGINE_UNAVAILABLE : ErrorKind.PERMISSION_DENIED,
                        "environments would reach this machine and closed networks: " + e.getMessage()
                                + "; give this process CAP_NET_ADMIN and iptables, or set docker.firewall to auto",
                        e);
            }
            say(reason);
        }
        lookedAt = System.nanoTime();
        forgetGoneBridges();
    }

    /** There is no network to close: looks whether it could be. */
    synchronized void tryOut() {
        if (bridge != null) {
            bridge = null;
            lookedAt = null;
        }
        if (settings.firewall() == Firewall.OFF || isFresh()) {
            return;
        }
        try {
            filter.tryOut();
            trouble = null;
        } catch (FilterException e) {
            say(String.valueOf(e.getMessage()));
        }
        lookedAt = System.nanoTime();
    }

    /** What is open that is to be closed, why, and what to do; empty where nothing is, or nobody has looked yet. Waits for no look. */
    Optional<String> unguarded() {
        return Optional.ofNullable(trouble).map(this::sentence);
    }

    private boolean isFresh() {
        return lookedAt != null && System.nanoTime() - lookedAt < AGAIN_AFTER;
    }

    /** Nobody's environment is worse off for a rule too many. */
    private void forgetGoneBridges() {
        if (trouble != null) {
            return;
        }
        try {
            filter.forgetGoneBridges();
            leftover = null;
        } catch (FilterException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(leftover)) {
                log.warn("rules of Docker networks that are gone could not be taken away: {}", reason);
                leftover = reason;
            }
        }
    }

    /** Once for each reason. */
    private void say(String reason) {
        if (!reason.equals(trouble)) {
            trouble = reason;
            log.warn(sentence(reason));
        }
    }

    private String sentence(String reason) {
        return "environments on the Docker network " + settings.network()
                + " are not kept from this machine's own addresses and closed networks, because their rules cannot be written: "
                + reason + ". "
                + (settings.firewall() == Firewall.REQUIRED ? "None is brought up until then. " : "")
                + "Give this process CAP_NET_ADMIN and iptables, or write them yourself and set docker.firewall to off"
                + " (docs/operations.md)";
    }
}
