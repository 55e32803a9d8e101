package io.remotegpu.activities.cluster;

import io.remotegpu.drivers.kubernetes.PodSettings;
import io.remotegpu.drivers.kubernetes.PodToleration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.kubernetes}.
 *
 * @param clusters by the name that their nodes' host ids begin with
 */
@Validated
@ConfigurationProperties("remotegpu.kubernetes")
public record KubernetesSettings(
        @DefaultValue Map<@Pattern(regexp = "[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?") String, @Valid Cluster> clusters) {

    public KubernetesSettings {
        clusters = Map.copyOf(clusters);
    }

    /**
     * One cluster.
     *
     * @param kubeconfig the file with address and credentials; without, the pod's own account or what kubectl would use
     * @param namespace where everything is made; it must exist
     * @param portMin the lowest node port that environments may get; the cluster's own range must have it
     * @param gpuResource under which name the nodes' device plugin offers GPUs
     * @param storageClass of home folders; without, the cluster's default
     * @param pullSecrets names of secrets in the namespace
     * @param tolerations as {@code kubectl taint} writes taints: {@code key=value:NoSchedule}
     * @param sharedMemoryPercent size of {@code /dev/shm} as a share of the memory
     * @param closedNetworks CIDRs that environments may not reach, such as the pod and service networks
     */
    public record Cluster(
            @Nullable Path kubeconfig,
            @Nullable String context,
            @DefaultValue("remotegpu") String namespace,
            @DefaultValue("30000") @Min(1) @Max(65535) int portMin,
            @DefaultValue("32767") @Min(1) @Max(65535) int portMax,
            @DefaultValue("nvidia.com/gpu") String gpuResource,
            @Nullable String storageClass,
            @DefaultValue List<String> pullSecrets,
            @DefaultValue List<String> tolerations,
            @Nullable String runtimeClass,
            @DefaultValue("50") @Min(1) @Max(100) int sharedMemoryPercent,
            @DefaultValue List<String> closedNetworks) {

        PodSettings pods() {
            return new PodSettings(
                    gpuResource,
                    storageClass,
                    pullSecrets,
                    tolerations.stream().map(PodToleration::parse).toList(),
                    runtimeClass,
                    sharedMemoryPercent,
                    closedNetworks);
        }
    }
}
