package io.remotegpu.activities.cluster;

import io.remotegpu.drivers.kubernetes.NodeAddressKind;
import io.remotegpu.drivers.kubernetes.PodSettings;
import io.remotegpu.drivers.kubernetes.PodToleration;
import io.remotegpu.drivers.kubernetes.Publication;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
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
     * @param ephemeralStorage how much an environment may write outside of its home folder
     * @param closedNetworks CIDRs that environments may not reach, such as the pod and service networks
     * @param probeAddress which of a node's addresses this process reaches: there services are asked whether they answer
     * @param publish how users reach services
     * @param publishAnnotations {@code key=value}, of each service with a load balancer, or of each ingress
     * @param loadBalancerTimeout how long a load balancer may take to give an address
     * @param ingressHost the name of each service, such as {@code {service}-{environment}.gpu.example.org}
     * @param ingressClass without, the cluster's default
     * @param ingressTlsSecret names a certificate in the namespace, for all of these names; without, HTTP
     */
    public record Cluster(
            @Nullable Path kubeconfig,
            @Nullable String context,
            @DefaultValue("remotegpu-environments") String namespace,
            @DefaultValue("30000") @Min(1) @Max(65535) int portMin,
            @DefaultValue("32767") @Min(1) @Max(65535) int portMax,
            @DefaultValue("nvidia.com/gpu") String gpuResource,
            @Nullable String storageClass,
            @DefaultValue List<String> pullSecrets,
            @DefaultValue List<String> tolerations,
            @Nullable String runtimeClass,
            @DefaultValue("50") @Min(1) @Max(100) int sharedMemoryPercent,
            @DefaultValue("20GB") DataSize ephemeralStorage,
            @DefaultValue List<String> closedNetworks,
            @DefaultValue("internal") NodeAddressKind probeAddress,
            @DefaultValue("node-ports") Publish publish,
            @DefaultValue List<String> publishAnnotations,
            @DefaultValue("5m") Duration loadBalancerTimeout,
            @Nullable String ingressHost,
            @Nullable String ingressClass,
            @Nullable String ingressTlsSecret) {

        /** How users reach services. */
        public enum Publish {
            /** At the leased ports of the node. */
            NODE_PORTS,
            /** At an address of the environment's own. */
            LOAD_BALANCER,
            /** Jupyter and TensorBoard by names, behind an ingress controller; the others at the leased ports of the node. */
            INGRESS
        }

        public Cluster {
            if (publish == Publish.INGRESS && ingressHost == null) {
                throw new IllegalArgumentException(
                        "a cluster whose setting 'publish' is 'ingress' needs 'ingress-host',"
                                + " such as {service}-{environment}.gpu.example.org");
            }
        }

        Publication publication() {
            var annotations = Publication.annotations(publishAnnotations);
            return switch (publish) {
                case NODE_PORTS -> new Publication.NodePorts();
                case LOAD_BALANCER -> new Publication.LoadBalancer(annotations, loadBalancerTimeout);
                case INGRESS ->
                    new Publication.Ingress(
                            Objects.requireNonNull(ingressHost), ingressClass, ingressTlsSecret, annotations);
            };
        }

        PodSettings pods() {
            return new PodSettings(
                    gpuResource,
                    storageClass,
                    pullSecrets,
                    tolerations.stream().map(PodToleration::parse).toList(),
                    runtimeClass,
                    sharedMemoryPercent,
                    ephemeralStorage.toBytes(),
                    closedNetworks);
        }
    }
}
