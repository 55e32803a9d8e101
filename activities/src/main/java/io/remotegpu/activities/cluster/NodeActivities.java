package io.remotegpu.activities.cluster;

import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.GpuReport;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostExistsException;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.host.NewHost;
import io.remotegpu.drivers.kubernetes.SeenNode;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.workflows.host.NodeSteps;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the hosts that are nodes up to date. */
final class NodeActivities implements NodeSteps {

    private static final Logger LOG = LoggerFactory.getLogger(NodeActivities.class);

    private final Clusters clusters;
    private final Hosts hosts;
    private final HostRepository rows;

    NodeActivities(Clusters clusters, Hosts hosts, HostRepository rows) {
        this.clusters = clusters;
        this.hosts = hosts;
        this.rows = rows;
    }

    @Override
    public void sync(String cluster) {
        // What is left in here in the end is no longer in the cluster.
        var known = rows.ofCluster(cluster).stream().collect(Collectors.toMap(Host::id, Function.identity()));
        for (var node : clusters.nodes(cluster)) {
            var id = NodeIds.host(cluster, node.name());
            sync(cluster, id, node, known.remove(id));
        }
        known.values().forEach(host -> quarantine(host, "the cluster has this node no more"));
    }

    private void sync(String cluster, String id, SeenNode node, @Nullable Host known) {
        var trouble = node.trouble();
        if (trouble == null) {
            if (known == null) {
                register(cluster, id, node);
            }
            hosts.heartbeat(id, capacity(node)).orElseThrow().forEach(LOG::warn);
        } else if (known != null) {
            quarantine(known, trouble);
        }
    }

    private void register(String cluster, String id, SeenNode node) {
        var settings = clusters.settings(cluster);
        try {
            hosts.register(new NewHost(
                    id,
                    node.name(),
                    String.valueOf(node.address()),
                    null,
                    Set.of(DeploymentMode.K8S),
                    node.cpu(),
                    node.memory(),
                    settings.portMin(),
                    settings.portMax(),
                    cluster,
                    null));
        } catch (HostExistsException meanwhile) {
            // Another process has the same schedule.
        }
    }

    private void quarantine(Host host, String why) {
        hosts.quarantine(host.id(), why)
                .filter(after -> after.status() != host.status())
                .ifPresent(after -> LOG.warn("host {} takes nothing new: {}", host.id(), why));
    }

    /** Which of its GPUs a pod gets, Kubernetes decides; they are counted by their places. */
    private static Capacity capacity(SeenNode node) {
        var gpus = IntStream.range(0, node.gpus())
                .mapToObj(index -> new GpuReport(index, null, node.gpuModel(), Math.max(1, node.gpuMemory()), null, 0))
                .toList();
        return new Capacity(node.cpu(), node.memory(), Set.of(DeploymentMode.K8S), node.facts(), gpus);
    }
}
