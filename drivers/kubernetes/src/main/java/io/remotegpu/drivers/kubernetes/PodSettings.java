package io.remotegpu.drivers.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an installation adds to every environment's pod.
 *
 * @param gpuResource under which name the nodes' device plugin offers GPUs
 * @param storageClass of the home folders; null for the cluster's default. Its reclaim policy must be {@code Delete}
 * @param pullSecrets names of secrets in the namespace with which images are pulled
 * @param tolerations taints of the nodes that environments may ignore
 * @param runtimeClass how containers are run; null for the nodes' default
 * @param sharedMemoryPercent size of {@code /dev/shm}, as a share of the environment's memory (and counted in it)
 * @param ephemeralStorage bytes that may be written outside of the home folder; the node ends the pod of who writes more
 * @param closedNetworks CIDRs that environments may not reach, such as the cluster's pod and service networks
 */
public record PodSettings(
        String gpuResource,
        @Nullable String storageClass,
        List<String> pullSecrets,
        List<PodToleration> tolerations,
        @Nullable String runtimeClass,
        int sharedMemoryPercent,
        long ephemeralStorage,
        List<String> closedNetworks) {

    public PodSettings {
        pullSecrets = List.copyOf(pullSecrets);
        tolerations = List.copyOf(tolerations);
        closedNetworks = List.copyOf(closedNetworks);
        if (!gpuResource.matches("[a-z0-9.-]+/[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "Kubernetes driver: GPU resource must be domain/name, such as nvidia.com/gpu, not '" + gpuResource
                            + "'");
        }
        if (sharedMemoryPercent < 1 || sharedMemoryPercent > 100) {
            throw new IllegalArgumentException(
                    "Kubernetes driver: shared memory percent must be 1 to 100, not " + sharedMemoryPercent);
        }
        if (ephemeralStorage < 1) {
            throw new IllegalArgumentException(
                    "Kubernetes driver: ephemeral storage must be positive, not " + ephemeralStorage);
        }
        for (String network : closedNetworks) {
            if (!network.matches("[0-9A-Fa-f.:]+/\\d{1,3}")) {
                throw new IllegalArgumentException(
                        "Kubernetes driver: closed network must be a CIDR such as 10.96.0.0/12, not '" + network + "'");
            }
        }
    }

    /** What fits most clusters. */
    public static PodSettings defaults() {
        return new PodSettings("nvidia.com/gpu", null, List.of(), List.of(), null, 50, 20L << 30, List.of());
    }
}
