package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.remotegpu.drivers.kubernetes.KubernetesDriverSettings.Timeouts;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.Inside;
import io.remotegpu.drivers.testkit.InsideContainer;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The real cluster of {@code REMOTEGPU_TEST_KUBECONFIG}: a namespace of our own, with restricted pods, and its real node. */
final class TestCluster implements AutoCloseable {

    static final String INSTALLATION = "test";

    /** What the test's device plugin calls its devices. */
    private static final Pattern FAKE_GPU = Pattern.compile("GPU-fake-(\\d+)");

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KubernetesCluster cluster;
    private final KubernetesDriverSettings settings;
    private final KubernetesDriver driver;
    private final String address;
    private final SshLogin login = new SshLogin();

    private TestCluster(Path kubeconfig) {
        cluster = new KubernetesCluster(ClusterSettings.defaults(kubeconfig));
        Node node = client().nodes().list().getItems().stream()
                .filter(TestCluster::isReal)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the cluster of " + kubeconfig + " has no real node"));
        address = node.getStatus().getAddresses().stream()
                .filter(one -> one.getType().equals("InternalIP"))
                .findFirst()
                .orElseThrow()
                .getAddress();
        String namespace = "remotegpu-test-" + UUID.randomUUID().toString().substring(0, 8);
        settings = KubernetesDriverSettings.defaults(
                        namespace, node.getMetadata().getName(), INSTALLATION)
                .withTimeouts(new Timeouts(
                        Duration.ofSeconds(20), Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofSeconds(2)));
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        driver = new KubernetesDriver(cluster, settings);
    }

    /** Skips the test where there is no cluster, unless all tests are asked for. */
    static TestCluster connect() {
        Map<String, String> env = System.getenv();
        String kubeconfig = env.getOrDefault("REMOTEGPU_TEST_KUBECONFIG", "");
        if (kubeconfig.isBlank()) {
            String reason = "REMOTEGPU_TEST_KUBECONFIG does not name the kubeconfig of a cluster";
            if ("true".equals(env.get("CI")) || "all".equals(env.get("REMOTEGPU_TEST_REQUIRE"))) {
                fail(reason);
            }
            abort(reason);
        }
        return new TestCluster(Path.of(kubeconfig));
    }

    private static boolean isReal(Node node) {
        Map<String, String> annotations = node.getMetadata().getAnnotations();
        return annotations == null || !annotations.containsKey("kwok.x-k8s.io/node");
    }

    KubernetesCluster cluster() {
        return cluster;
    }

    KubernetesClient client() {
        return cluster.client();
    }

    /** The same cluster, as another user. */
    KubernetesCluster as(String user) {
        return new KubernetesCluster(new ConfigBuilder(client().getConfiguration())
                .withImpersonateUsername(user)
                .build());
    }

    /** The same cluster, whose answers pass by that; it gives up soon. */
    KubernetesCluster through(Interceptor interceptor) {
        return new KubernetesCluster(
                new ConfigBuilder(client().getConfiguration())
                        .withRequestTimeout(5000)
                        .build(),
                http -> http.addOrReplaceInterceptor("test", interceptor));
    }

    KubernetesDriverSettings settings() {
        return settings;
    }

    KubernetesDriver driver() {
        return driver;
    }

    TestDeployments deployments() {
        return new TestDeployments(DeploymentMode.K8S, "1", List.of(login.authorizedKey()));
    }

    Deployment terminal() {
        return deployments().terminal();
    }

    void deploy(Deployment deployment) {
        driver.deploy(deployment, Progress.silent());
    }

    void deployAndAwait(Deployment deployment) {
        deploy(deployment);
        assertThat(await(driver, deployment.id(), seen -> seen.state() != Observation.State.STARTING))
                .isEqualTo(Observation.running());
    }

    Observation await(EnvironmentDriver observer, UUID id, Predicate<Observation> expected) {
        return Awaitility.await().atMost(PATIENCE).until(() -> observer.observe(id), expected);
    }

    /** Runs a shell command as the user, over SSH. */
    SshLogin.Result ssh(Deployment deployment, String command) {
        return login.run(address, TestDeployments.port(deployment, Service.SSH), command);
    }

    /** Where its node's ports are reached. */
    String address() {
        return address;
    }

    Inside inside(Deployment deployment) {
        return new InsideContainer(command -> ssh(deployment, command), FAKE_GPU);
    }

    /** What it prints. */
    String run(Deployment deployment, String command) {
        SshLogin.Result result = ssh(deployment, command);
        assertThat(result.exit()).as(result.out()).isZero();
        return result.out();
    }

    @Override
    public void close() {
        login.close();
        driver.list().forEach(driver::remove);
        client().namespaces().withName(settings.namespace()).delete();
        driver.close();
        cluster.close();
    }
}
