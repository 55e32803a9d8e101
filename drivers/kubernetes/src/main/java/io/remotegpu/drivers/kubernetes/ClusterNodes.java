package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The nodes of a cluster: what of them pods may have, and whether they take any. */
public final class ClusterNodes {

    /** As NVIDIA's GPU feature discovery labels nodes, whatever the resource is called. */
    private static final String GPU_MODEL = "nvidia.com/gpu.product";

    private static final String GPU_MEMORY_MIB = "nvidia.com/gpu.memory";
    private static final long MIB = 1 << 20;
    private static final Set<String> KEEPING_AWAY = Set.of("NoSchedule", "NoExecute");

    /** What Kubernetes itself says by taints it says by conditions, too, and those say why. */
    private static final String OF_CONDITIONS = "node.kubernetes.io/";

    private final KubernetesCluster cluster;
    private final String gpuResource;
    private final List<PodToleration> tolerations;

    /** @param pods what environments' pods ask for and tolerate */
    public ClusterNodes(KubernetesCluster cluster, PodSettings pods) {
        this.cluster = cluster;
        this.gpuResource = pods.gpuResource();
        this.tolerations = pods.tolerations();
    }

    /**
     * All of them, in the order of their names.
     *
     * @throws io.remotegpu.drivers.spi.DriverException when the cluster does not answer, or does not let us look
     */
    public List<SeenNode> look() {
        return ClusterObjects.asking(
                "listing the nodes",
                () -> cluster.client().nodes().list().getItems().stream()
                        .map(this::seen)
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList());
    }

    private SeenNode seen(Node node) {
        Map<String, Quantity> allocatable = node.getStatus().getAllocatable();
        Map<String, String> labels = node.getMetadata().getLabels();
        int gpus = amount(allocatable, gpuResource).intValue();
        Map<String, String> facts = new TreeMap<>();
        facts.put("node", node.getMetadata().getName());
        var system = node.getStatus().getNodeInfo();
        if (system != null) {
            facts.put("kubelet", String.valueOf(system.getKubeletVersion()));
            facts.put("os", String.valueOf(system.getOsImage()));
            facts.put("kernel", String.valueOf(system.getKernelVersion()));
        }
        return new SeenNode(
                node.getMetadata().getName(),
                address(node),
                trouble(node),
                amount(allocatable, "cpu").intValue(),
                amount(allocatable, "memory").longValue(),
                gpus,
                labels.getOrDefault(GPU_MODEL, gpuResource),
                memory(labels.get(GPU_MEMORY_MIB)),
                facts);
    }

    private static Number amount(Map<String, Quantity> allocatable, String resource) {
        Quantity quantity = allocatable == null ? null : allocatable.get(resource);
        // Whole ones: half a core of a node is nobody's.
        return quantity == null
                ? 0
                : quantity.getNumericalAmount().setScale(0, RoundingMode.FLOOR).longValue();
    }

    private static long memory(@Nullable String mebibytes) {
        return mebibytes == null || !mebibytes.matches("[0-9]{1,9}") ? 0 : Long.parseLong(mebibytes) * MIB;
    }

    /** The one that users reach. */
    private static @Nullable String address(Node node) {
        return NodeAddressKind.EXTERNAL.of(node);
    }

    private @Nullable String trouble(Node node) {
        if (Boolean.TRUE.equals(node.getSpec().getUnschedulable())) {
            return "it is cordoned";
        }
        if (address(node) == null) {
            return "it has no address";
        }
        for (Taint taint : node.getSpec().getTaints()) {
            if (!taint.getKey().startsWith(OF_CONDITIONS)
                    && KEEPING_AWAY.contains(taint.getEffect())
                    && tolerations.stream().noneMatch(one -> one.covers(taint))) {
                return "its taint " + taint.getKey() + " keeps environments away: set a toleration if it should not";
            }
        }
        NodeCondition ready = node.getStatus().getConditions().stream()
                .filter(condition -> "Ready".equals(condition.getType()))
                .findFirst()
                .orElse(null);
        if (ready == null) {
            return "it has not said yet whether it is ready";
        }
        return "True".equals(ready.getStatus()) ? null : "it is not ready: " + ready.getMessage();
    }
}
