package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentManifestsTest {

    private static final KubernetesDriverSettings PLAIN =
            KubernetesDriverSettings.defaults("environments", "gpu-node-7", "golden");
    private static final KubernetesDriverSettings RICH = PLAIN.withPods(new PodSettings(
            "nvidia.com/mig-1g.10gb",
            "fast",
            List.of("registry"),
            List.of(PodToleration.parse("nvidia.com/gpu:NoSchedule"), PodToleration.parse("team=ml")),
            "nvidia",
            25,
            5L << 30,
            List.of("10.96.0.0/12", "fd00::/8")));
    private static final Publication.Ingress BY_NAME = new Publication.Ingress(
            "{service}-{environment}.gpu.example.org",
            "nginx",
            "gpu-example-org",
            Map.of("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600"));

    @ParameterizedTest
    @ValueSource(strings = {"home", "credentials", "network", "ports", "pod"})
    void theClusterIsAskedForExactlyThis(String part) throws IOException {
        assertGolden("ide-with-two-gpus/" + part, part(EnvironmentManifests.of(ide(), PLAIN), part));
    }

    @ParameterizedTest
    @ValueSource(strings = {"home", "network", "pod"})
    void theInstallationsSettingsAreInIt(String part) throws IOException {
        assertGolden("all-settings/" + part, part(EnvironmentManifests.of(ide(), RICH), part));
    }

    @Test
    void aLoadBalancerIsTheSameServiceOfAnotherType() throws IOException {
        var balancer = new Publication.LoadBalancer(Map.of("example.org/internal", "true"), Duration.ofMinutes(5));
        EnvironmentManifests manifests = EnvironmentManifests.of(ide(), PLAIN.withPublication(balancer));
        assertGolden("load-balancer/ports", manifests.ports());
        assertThat(manifests.ingress()).isNull();
    }

    @Test
    void anIngressHasTheServicesThatSpeakHttp() throws IOException {
        EnvironmentManifests manifests = EnvironmentManifests.of(ide(), PLAIN.withPublication(BY_NAME));
        assertGolden("ingress/ingress", manifests.ingress());
        assertGolden("ide-with-two-gpus/ports", manifests.ports());
        var plain = new Publication.Ingress(BY_NAME.hostPattern(), null, null, Map.of());
        assertGolden(
                "ingress/plain-ingress",
                EnvironmentManifests.of(ide(), PLAIN.withPublication(plain)).ingress());
    }

    @Test
    void whatSpeaksNoHttpHasNoIngress() {
        var terminal = new TestDeployments(DeploymentMode.K8S, "1", List.of()).terminal();
        assertThat(EnvironmentManifests.of(terminal, PLAIN.withPublication(BY_NAME))
                        .ingress())
                .isNull();
    }

    @Test
    void howItIsPublishedNeedsNoNewPod() {
        assertThat(hash(ide(), PLAIN.withPublication(BY_NAME))).isEqualTo(hash(ide(), PLAIN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpu.example.org",
                "{environment}.gpu.example.org",
                "{service}.gpu.example.org",
                "{service}-{environment}",
                "{service}_{environment}.gpu.example.org",
                "{service}-{environment}.Example.org",
                "a-long-prefix-that-fills-a-label-{service}-{environment}.gpu.example.org"
            })
    void aHostPatternMustMakeANameForEachService(String pattern) {
        assertThatThrownBy(() -> new Publication.Ingress(pattern, null, null, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + pattern + "'");
    }

    @Test
    void secretsAreInTheSecretOnly() {
        EnvironmentManifests manifests = EnvironmentManifests.of(ide(), PLAIN);
        String others = Serialization.asJson(manifests.pod())
                + Serialization.asJson(manifests.home())
                + Serialization.asJson(manifests.ports())
                + Serialization.asJson(manifests.network());
        assertThat(others).doesNotContain("AAAAkey").doesNotContain("jupytersecret");
        assertThat(manifests.pod().toString()).doesNotContain("jupytersecret");
    }

    @Test
    void aUserCannotOpenGpusByVariable() {
        Deployment greedy = withEnv(TestDeployments.withGpus(ide()), Map.of("NVIDIA_VISIBLE_DEVICES", "all"));
        assertThat(variable(greedy, "NVIDIA_VISIBLE_DEVICES")).isEqualTo("void");
        Deployment one = withEnv(TestDeployments.withGpus(ide(), 0), Map.of("NVIDIA_VISIBLE_DEVICES", "all"));
        assertThat(variable(one, "NVIDIA_VISIBLE_DEVICES"))
                .as("the device plugin's")
                .isNull();
    }

    @Test
    void referencesInVariablesStayWhatTheUserWrote() {
        assertThat(variable(withEnv(ide(), Map.of("A", "costs $5, $(HOME)")), "A"))
                .isEqualTo("costs $$5, $$(HOME)");
    }

    @Test
    void theSameDeploymentHasTheSameHashAndAnyOtherAnother() {
        String hash = hash(ide(), PLAIN);
        assertThat(hash(ide(), PLAIN)).isEqualTo(hash);
        assertThat(hash(TestDeployments.withSize(ide(), 5, 16L << 30), PLAIN)).isNotEqualTo(hash);
        assertThat(hash(TestDeployments.onOtherPorts(ide()), PLAIN)).isNotEqualTo(hash);
        assertThat(hash(TestDeployments.withGpus(ide(), 1), PLAIN)).isNotEqualTo(hash);
        assertThat(hash(TestDeployments.withImage(ide(), "other"), PLAIN)).isNotEqualTo(hash);
        assertThat(hash(ide(), RICH)).isNotEqualTo(hash);
        assertThat(hash(TestDeployments.withKeys(ide(), List.of("another")), PLAIN))
                .as("keys change without a new pod")
                .isEqualTo(hash);
    }

    @Test
    void gpusAndPortsMustBeAsManyAsTheSpecSays() {
        Deployment ide = ide();
        assertRefused(new Deployment(ide.id(), ide.owner(), ide.spec(), List.of(), ide.ports(), ide.credentials()));
        assertRefused(new Deployment(
                ide.id(), ide.owner(), ide.spec(), ide.gpus(), ide.ports().subList(0, 1), ide.credentials()));
    }

    private static void assertRefused(Deployment deployment) {
        assertThatThrownBy(() -> EnvironmentManifests.of(deployment, PLAIN))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_SPEC));
    }

    private static HasMetadata part(EnvironmentManifests manifests, String name) {
        return switch (name) {
            case "home" -> manifests.home();
            case "credentials" -> manifests.credentials();
            case "network" -> manifests.network();
            case "ports" -> manifests.ports();
            default -> manifests.pod();
        };
    }

    /** With {@code -Dgolden.write=true} what is made becomes what is expected: look at the difference before you commit. */
    private static void assertGolden(String name, HasMetadata made) throws IOException {
        String yaml = Serialization.asYaml(made);
        String resource = "manifests/" + name + ".yaml";
        if (Boolean.getBoolean("golden.write")) {
            Path file = Path.of("src/test/resources", resource);
            Files.createDirectories(file.getParent());
            Files.writeString(file, yaml);
        }
        try (InputStream golden = EnvironmentManifestsTest.class.getResourceAsStream("/" + resource)) {
            assertThat(golden).as("missing: " + resource).isNotNull();
            assertThat(yaml).isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static String hash(Deployment deployment, KubernetesDriverSettings settings) {
        return Labels.annotation(PodManifest.of(deployment, settings), Labels.SPEC);
    }

    private static String variable(Deployment deployment, String name) {
        return PodManifest.of(deployment, PLAIN).getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .map(variable -> variable.getValue())
                .findFirst()
                .orElse(null);
    }

    static Deployment withEnv(Deployment deployment, Map<String, String> env) {
        EnvironmentSpec spec = deployment.spec();
        return TestDeployments.withSpec(
                deployment,
                new EnvironmentSpec(
                        spec.name(),
                        spec.type(),
                        spec.mode(),
                        spec.cpu(),
                        spec.memory(),
                        spec.gpu(),
                        spec.storage(),
                        spec.image(),
                        env,
                        null,
                        null,
                        null,
                        null,
                        0));
    }

    static Deployment ide() {
        var spec = new EnvironmentSpec(
                "train-1",
                EnvironmentType.IDE,
                DeploymentMode.K8S,
                4,
                16L << 30,
                2,
                50L << 30,
                "remotegpu/ide:1",
                Map.of("GREETING", "it's a \"quoted\" text"),
                null,
                null,
                null,
                null,
                0);
        return new Deployment(
                UUID.fromString("0b9e2c5e-7a55-4a39-9f0a-3d1f5b8f4c11"),
                "ada",
                spec,
                List.of(
                        new GpuDevice(1, "GPU-aa", "NVIDIA H100", 80L << 30),
                        new GpuDevice(3, null, "NVIDIA H100", 80L << 30)),
                List.of(
                        new PortBinding(Service.SSH, "192.0.2.7", 22001),
                        new PortBinding(Service.JUPYTER, "192.0.2.7", 22002)),
                new Credentials(List.of("ssh-ed25519 AAAAkey ada@laptop"), "jupytersecret", null));
    }
}
