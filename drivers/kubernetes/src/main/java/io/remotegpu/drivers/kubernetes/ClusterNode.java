package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import org.jspecify.annotations.Nullable;

/** The node that a driver is for. */
final class ClusterNode {

    private final KubernetesClient client;
    private final String name;
    private final NodeAddressKind probed;
    private volatile @Nullable String address;

    ClusterNode(KubernetesClient client, KubernetesDriverSettings settings) {
        this.client = client;
        this.name = settings.node();
        this.probed = settings.probeAddress();
    }

    String name() {
        return name;
    }

    /** Where its node ports are reached from here. Asked once: a node that moved has a new name, or its driver is made anew. */
    String address() {
        String known = address;
        if (known == null) {
            Node node = get();
            if (node == null) {
                throw new DriverException(
                        ErrorKind.ENGINE_UNAVAILABLE, "the cluster has no node '" + name + "': was it removed?");
            }
            known = probed.of(node);
            if (known == null) {
                throw new DriverException(
                        ErrorKind.UNSUPPORTED, "node " + name + " has no address: its services cannot be reached");
            }
            address = known;
        }
        return known;
    }

    /** Why the cluster thinks that the node does not answer, as the end of a sentence; null when it does. */
    @Nullable
    String trouble() {
        Node node = get();
        if (node == null) {
            return "node " + name + " is no longer part of the cluster";
        }
        return node.getStatus().getConditions().stream()
                .filter(condition -> "Ready".equals(condition.getType()) && !"True".equals(condition.getStatus()))
                .map(condition -> "node " + name + " does not answer since " + condition.getLastTransitionTime() + " ("
                        + condition.getMessage() + ")")
                .findFirst()
                .orElse(null);
    }

    private @Nullable Node get() {
        return ClusterObjects.asking(
                "looking at node " + name, () -> client.nodes().withName(name).get());
    }
}
