package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Network;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bridge network that all environments share without reaching each other: the engine drops what goes from one of its
 * containers to another. One network for each environment would use up the engine's address pools, about 30 by default.
 */
final class EnvironmentNetwork {

    private static final String BETWEEN_CONTAINERS = "com.docker.network.bridge.enable_icc";
    private static final String MTU = "com.docker.network.driver.mtu";

    private final DockerClient client;
    private final String name;
    private volatile boolean known;

    EnvironmentNetwork(DockerClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Makes the network when it is absent; asks the engine once, then remembers. */
    void ensure() {
        if (!known) {
            synchronized (this) {
                if (!known) {
                    look();
                    known = true;
                }
            }
        }
    }

    /** Somebody removed it meanwhile. */
    void forget() {
        known = false;
    }

    private void look() {
        if (existing() != null) {
            return;
        }
        try {
            client.createNetworkCmd()
                    .withName(name)
                    .withDriver("bridge")
                    .withOptions(options())
                    .withLabels(Map.of("io.remotegpu.network", name))
                    .withCheckDuplicate(true) // for engines before 25
                    .exec();
        } catch (ConflictException e) {
            if (existing() == null) {
                throw e;
            }
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
