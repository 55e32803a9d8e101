package io.remotegpu.activities.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.kubernetes.NodeAddressKind;
import io.remotegpu.drivers.kubernetes.PodSettings;
import io.remotegpu.drivers.kubernetes.Publication;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class KubernetesSettingsTest {

    /** Of one cluster, read as the application reads them. */
    static KubernetesSettings settings(String cluster, Map<String, Object> values) {
        var named = values.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> "remotegpu.kubernetes.clusters." + cluster + "." + entry.getKey(),
                        Map.Entry::getValue));
        return new Binder(new MapConfigurationPropertySource(named))
                .bind("remotegpu.kubernetes", KubernetesSettings.class)
                .get();
    }

    @Test
    void theDefaultsAreWhatTheReadmeSays() {
        var cluster = cluster(Map.of("kubeconfig", "config"));

        assertThat(cluster.namespace()).isEqualTo("remotegpu-environments");
        assertThat(cluster.portMin()).isEqualTo(30000);
        assertThat(cluster.portMax()).isEqualTo(32767);
        assertThat(cluster.pods()).isEqualTo(PodSettings.defaults());
        assertThat(cluster.publication()).isEqualTo(new Publication.NodePorts());
        assertThat(cluster.probeAddress()).isEqualTo(NodeAddressKind.INTERNAL);
    }

    @Test
    void servicesArePublishedAsTheSettingsSay() {
        assertThat(cluster(Map.of(
                                "publish", "load-balancer",
                                "publish-annotations", "example.org/internal=true,example.org/size=a=b",
                                "load-balancer-timeout", "90s",
                                "probe-address", "external"))
                        .publication())
                .isEqualTo(new Publication.LoadBalancer(
                        Map.of("example.org/internal", "true", "example.org/size", "a=b"), Duration.ofSeconds(90)));
        assertThat(cluster(Map.of(
                                "publish", "ingress",
                                "ingress-host", "{service}-{environment}.gpu.example.org",
                                "ingress-class", "nginx",
                                "ingress-tls-secret", "gpu-example-org"))
                        .publication())
                .isEqualTo(new Publication.Ingress(
                        "{service}-{environment}.gpu.example.org", "nginx", "gpu-example-org", Map.of()));
    }

    @Test
    void anIngressNeedsTheNamesOfItsServices() {
        assertThatThrownBy(() -> cluster(Map.of("publish", "ingress")))
                .rootCause()
                .hasMessageContaining("ingress-host");
        assertThatThrownBy(() -> cluster(Map.of("publish", "ingress", "ingress-host", "gpu.example.org"))
                        .publication())
                .hasMessageContaining("{environment}");
    }

    private static KubernetesSettings.Cluster cluster(Map<String, Object> values) {
        var cluster = settings("main", values).clusters().get("main");
        assertThat(cluster).isNotNull();
        return cluster;
    }
}
