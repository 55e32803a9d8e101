package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a node's addresses is meant. */
public enum NodeAddressKind {
    /** The one in the cluster's own network. */
    INTERNAL("InternalIP"),
    /** The one that is reached from elsewhere. */
    EXTERNAL("ExternalIP");

    private final String type;

    NodeAddressKind(String type) {
        this.type = type;
    }

    /** The node's address of this kind, or its other one; null when it has none. */
    @Nullable
    String of(Node node) {
        String wanted = address(node, type);
        return wanted == null ? address(node, (this == INTERNAL ? EXTERNAL : INTERNAL).type) : wanted;
    }

    private static @Nullable String address(Node node, String type) {
        List<NodeAddress> addresses =
                node.getStatus() == null ? List.of() : node.getStatus().getAddresses();
        return addresses.stream()
                .filter(one -> type.equals(one.getType()))
                .map(NodeAddress::getAddress)
                .findFirst()
                .orElse(null);
    }
}
