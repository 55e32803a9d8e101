package io.remotegpu.activities.cluster;

import io.remotegpu.drivers.kubernetes.ClusterNodes;
import io.remotegpu.drivers.kubernetes.ClusterSettings;
import io.remotegpu.drivers.kubernetes.KubernetesCluster;
import io.remotegpu.drivers.kubernetes.KubernetesDriver;
import io.remotegpu.drivers.kubernetes.KubernetesDriverSettings;
import io.remotegpu.drivers.kubernetes.SeenNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The clusters that this process has credentials of. */
public final class Clusters implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration RESPONSE = Duration.ofSeconds(30);

    private final Map<String, Connected> byName = new TreeMap<>();
    private final String installation;

    private record Connected(KubernetesSettings.Cluster settings, KubernetesCluster cluster) {}

    /**
     * Connects to nothing yet.
     *
     * @param installation names this installation in labels
     * @throws IllegalArgumentException when a kubeconfig cannot be read
     */
    public Clusters(KubernetesSettings settings, String installation) {
        this.installation = installation;
        settings.clusters().forEach((name, cluster) -> byName.put(name, connect(cluster)));
    }

    private static Connected connect(KubernetesSettings.Cluster settings) {
        return new Connected(
                settings,
                new KubernetesCluster(
                        new ClusterSettings(settings.kubeconfig(), settings.context(), CONNECT, RESPONSE)));
    }

    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    KubernetesSettings.Cluster settings(String cluster) {
        return known(cluster).settings();
    }

    List<SeenNode> nodes(String cluster) {
        var known = known(cluster);
        return new ClusterNodes(known.cluster(), known.settings().pods()).look();
    }

    /** A driver for one node; its connection is the cluster's, and stays. */
    KubernetesDriver driver(String cluster, String node) {
        var known = known(cluster);
        return new KubernetesDriver(
                known.cluster(),
                KubernetesDriverSettings.defaults(known.settings().namespace(), node, installation)
                        .withPods(known.settings().pods())
                        .withPublication(known.settings().publication())
                        .withProbeAddress(known.settings().probeAddress()));
    }

    private Connected known(String cluster) {
        var known = byName.get(cluster);
        if (known == null) {
            throw new IllegalArgumentException(
                    "there is no cluster '" + cluster + "' in the settings under remotegpu.kubernetes.clusters");
        }
        return known;
    }

    @Override
    public void close() {
        byName.values().forEach(connected -> connected.cluster().close());
    }
}
