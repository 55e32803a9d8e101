package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bridge network that all environments share without reaching each other: the engine drops what goes from one of its
 * containers to another. One network for each environment would use up the engine's address pools, about 30 by default.
 */
final class EnvironmentNetwork {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentNetwork.class);
    private static final String BETWEEN_CONTAINERS = "com.docker.network.bridge.enable_icc";
    private static final String MTU = "com.docker.network.driver.mtu";

    private final DockerClient client;
    private final String name;
    private final NetworkGuard guard;
    private volatile boolean known;

    EnvironmentNetwork(DockerClient client, DockerDriverSettings settings) {
        this.client = client;
        this.name = settings.network();
        this.guard = new NetworkGuard(settings);
    }

    /** Makes the network when it is absent; asks the engine once, then remembers. What is closed to it stays so. */
    void ensure() {
        if (!known) {
            synchronized (this) {
                if (!known) {
                    look();
                    known = true;
                }
            }
        }
        guard.keep();
    }

    /**
     * Closes what is closed to the network, when it is there: also for environments that came up without us. When it is not,
     * sees whether that could be done.
     */
    void guard() {
        try {
            synchronized (this) {
                if (existing() == null) {
                    known = false;
                    guard.tryOut();
                }
            }
            guard.keep();
        } catch (RuntimeException e) {
            log.warn("what environments on the Docker network {} may not reach could not be looked after", name, e);
        }
    }

    /** What is open to the network and is to be closed, with what to do; asks nobody. */
    Optional<String> unguarded() {
        return guard.unguarded();
    }

    /** Somebody removed it meanwhile. */
    void forget() {
        known = false;
    }

    private void look() {
        if (existing() != null) {
            return;
        }
        create();
        if (existing() == null) {
            throw new DriverException(
                    ErrorKind.ENGINE_UNAVAILABLE, "Docker network '" + name + "' is gone as soon as it is made");
        }
    }

    private void create() {
        try {
            client.createNetworkCmd()
                    .withName(name)
                    .withDriver("bridge")
                    .withOptions(options())
                    .withLabels(Map.of("io.remotegpu.network", name))
                    .withCheckDuplicate(true) // for engines before 25
                    .exec();
        } catch (ConflictException e) {
            // somebody was faster
        }
    }

    private @Nullable Network existing() {
        Network network;
        try {
            network = client.inspectNetworkCmd().withNetworkId(name).exec();
        } catch (NotFoundException e) {
            return null;
        }
        Map<String, String> options = network.getOptions();
        if (options == null || !"false".equals(options.get(BETWEEN_CONTAINERS))) {
            throw new DriverException(
                    ErrorKind.CONFLICT,
                    "Docker network '" + name
                            + "' lets containers reach each other, so it is not RemoteGPU's; remove it"
                            + " by 'docker network rm " + name + "', or set another name");
        }
        guard.watch(network);
        return network;
    }

    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>();
        options.put(BETWEEN_CONTAINERS, "false");
        // Networks do not inherit the engine's MTU; its default one tells.
        Network usual = client.inspectNetworkCmd().withNetworkId("bridge").exec();
        String mtu = usual.getOptions() == null ? null : usual.getOptions().get(MTU);
        if (mtu != null) {
            options.put(MTU, mtu);
        }
        return options;
    }
}
