package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.kubernetes.KubernetesDriverSettings.Timeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesSettingsTest {

    @Test
    void theDefaultsAreWhatTheDocumentsSay() {
        assertThat(PodSettings.defaults())
                .isEqualTo(
                        new PodSettings("nvidia.com/gpu", null, List.of(), List.of(), null, 50, 20L << 30, List.of()));
        assertThat(Timeouts.defaults())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofMinutes(2), Duration.ofSeconds(2)));
        assertThat(ClusterSettings.defaults(null))
                .isEqualTo(new ClusterSettings(null, null, Duration.ofSeconds(5), Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "under_score", "-dash"})
    void aNamespaceMustBeALabel(String namespace) {
        assertThatThrownBy(() -> KubernetesDriverSettings.defaults(namespace, "node", "one"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("namespace");
    }

    @Test
    void aTolerationIsWrittenAsATaint() {
        assertThat(PodToleration.parse("nvidia.com/gpu")).isEqualTo(new PodToleration("nvidia.com/gpu", null, null));
        assertThat(PodToleration.parse("a=b:NoExecute")).isEqualTo(new PodToleration("a", "b", "NoExecute"));
        assertThatThrownBy(() -> PodToleration.parse("a:Sometimes")).hasMessageContaining("'a:Sometimes'");
    }

    @Test
    void anyNodeNameFitsALabel() {
        assertThat(Labels.node("gpu-7.example.org")).isEqualTo("gpu-7.example.org");
        String longName = "a-node-with-a-name.that-is-longer-than-a-label.may-be.example.organisation";
        assertThat(Labels.node(longName)).hasSizeLessThanOrEqualTo(63).isNotEqualTo(Labels.node(longName + "x"));
    }

    @Test
    void theNamedContextOfTheNamedFileCounts(@TempDir Path folder) throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                clusters:
                  - {name: one, cluster: {server: "https://one.example.org:6443"}}
                  - {name: two, cluster: {server: "https://two.example.org:6443"}}
                users: [{name: u, user: {token: t}}]
                contexts:
                  - {name: first, context: {cluster: one, user: u}}
                  - {name: second, context: {cluster: two, user: u}}
                current-context: first
                """);
        var usual = ClusterSettings.defaults(kubeconfig);
        try (var cluster = new KubernetesCluster(usual)) {
            assertThat(cluster.client().getMasterUrl()).hasHost("one.example.org");
        }
        var named = new ClusterSettings(kubeconfig, "second", usual.connectTimeout(), usual.responseTimeout());
        try (var cluster = new KubernetesCluster(named)) {
            assertThat(cluster.client().getMasterUrl()).hasHost("two.example.org");
        }
    }

    @Test
    void aKubeconfigThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> new KubernetesCluster(ClusterSettings.defaults(Path.of("/nowhere/config"))))
                .hasMessageContaining("/nowhere/config");
    }
}
