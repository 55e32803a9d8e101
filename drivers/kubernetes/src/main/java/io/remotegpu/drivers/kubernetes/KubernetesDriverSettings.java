package io.remotegpu.drivers.kubernetes;

import java.time.Duration;

/**
 * How this installation uses one node of a cluster.
 *
 * @param namespace where everything is made; it must exist
 * @param node the node's name
 * @param probeAddress which of the node's addresses is reached from here: there services are asked whether they answer
 * @param installation names this installation: two of them in one namespace do not see each other's environments
 * @param publication how users reach services
 */
public record KubernetesDriverSettings(
        String namespace,
        String node,
        NodeAddressKind probeAddress,
        String installation,
        PodSettings pods,
        Publication publication,
        Timeouts timeouts) {

    /**
     * @param placement how long a pod may wait for room on its node
     * @param start how long a node may take to pull the image and start the container
     * @param removal how long the cluster may take to let go of something that we removed
     * @param probe for one service to answer when an environment is observed
     */
    public record Timeouts(Duration placement, Duration start, Duration removal, Duration probe) {

        public Timeouts {
            for (Duration timeout : new Duration[] {placement, start, removal, probe}) {
                require(timeout.isPositive(), "timeout", "positive", timeout);
            }
        }

        public static Timeouts defaults() {
            return new Timeouts(
                    Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofMinutes(2), Duration.ofSeconds(2));
        }
    }

    public KubernetesDriverSettings {
        require(namespace.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"), "namespace", "a DNS label", namespace);
        require(node.matches("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"), "node", "a DNS name", node);
        require(
                installation.matches("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"),
                "installation",
                "1 to 63 of A-Z a-z 0-9 . _ -, beginning and ending with a letter or digit",
                installation);
    }

    /** What fits most clusters. */
    public static KubernetesDriverSettings defaults(String namespace, String node, String installation) {
        return new KubernetesDriverSettings(
                namespace,
                node,
                NodeAddressKind.INTERNAL,
                installation,
                PodSettings.defaults(),
                new Publication.NodePorts(),
                Timeouts.defaults());
    }

    public KubernetesDriverSettings withPods(PodSettings pods) {
        return new KubernetesDriverSettings(namespace, node, probeAddress, installation, pods, publication, timeouts);
    }

    public KubernetesDriverSettings withPublication(Publication publication) {
        return new KubernetesDriverSettings(namespace, node, probeAddress, installation, pods, publication, timeouts);
    }

    public KubernetesDriverSettings withProbeAddress(NodeAddressKind probeAddress) {
        return new KubernetesDriverSettings(namespace, node, probeAddress, installation, pods, publication, timeouts);
    }

    public KubernetesDriverSettings withTimeouts(Timeouts timeouts) {
        return new KubernetesDriverSettings(namespace, node, probeAddress, installation, pods, publication, timeouts);
    }

    private static void require(boolean holds, String name, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "Kubernetes driver: " + name + " must be " + expected + ", not '" + actual + "'");
        }
    }
}
