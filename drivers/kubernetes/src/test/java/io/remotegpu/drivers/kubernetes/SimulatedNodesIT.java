package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.remotegpu.drivers.kubernetes.KubernetesDriverSettings.Timeouts;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real scheduler, with many nodes that are only simulated ({@code engine.sh start --nodes both --simulated 100}). */
class SimulatedNodesIT {

    private static final int GPUS_OF_A_NODE = 8;

    private static TestCluster cluster;
    private static List<String> nodes = List.of();
    private static final List<PersistentVolume> volumes = new ArrayList<>();

    private final List<KubernetesDriver> drivers = new ArrayList<>();

    @BeforeAll
    static void connect() {
        cluster = TestCluster.connect();
        nodes = cluster.client().nodes().withLabel("type", "kwok").list().getItems().stream()
                .map(Node::getMetadata)
                .map(metadata -> metadata.getName())
                .toList();
        if (nodes.isEmpty()) {
            String reason = "the cluster of REMOTEGPU_TEST_KUBECONFIG has no simulated nodes";
            if ("all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE"))) {
                fail(reason);
            }
            abort(reason);
        }
    }

    @AfterAll
    static void close() {
        volumes.forEach(volume -> cluster.client().resource(volume).delete());
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void removeWhatTheTestMade() {
        drivers.forEach(driver -> driver.list().forEach(driver::remove));
    }

    @Test
    void aFullNodeTakesNoMoreUntilSomethingIsGone() {
        KubernetesDriver node = driver(nodes.getFirst());
        Deployment first = withGpus(4);
        Deployment second = withGpus(4);
        Deployment third = withGpus(4);
        provideVolumes(4);
        node.deploy(first, Progress.silent());
        node.deploy(second, Progress.silent());
        assertThatThrownBy(() -> node.deploy(third, Progress.silent()))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NO_CAPACITY))
                .hasMessageContaining("Insufficient nvidia.com/gpu");
        node.remove(first.id());
        node.deploy(third, Progress.silent());
        assertThat(placed(third)).isEqualTo(nodes.getFirst());
    }

    @Test
    void manyAtOnceAllGoWhereTheyShall() throws Exception {
        provideVolumes(2 * nodes.size());
        Map<Deployment, String> wanted = new HashMap<>();
        nodes.forEach(node -> {
            wanted.put(withGpus(GPUS_OF_A_NODE / 2), node);
            wanted.put(withGpus(GPUS_OF_A_NODE / 2), node);
        });
        Map<String, KubernetesDriver> byNode = new HashMap<>();
        nodes.forEach(node -> byNode.put(node, driver(node)));
        try (var threads = Executors.newFixedThreadPool(16)) {
            List<Future<?>> work = new ArrayList<>();
            wanted.forEach((deployment, node) ->
                    work.add(threads.submit(() -> byNode.get(node).deploy(deployment, Progress.silent()))));
            for (Future<?> one : work) {
                one.get();
            }
        }
        wanted.forEach((deployment, node) -> assertThat(placed(deployment)).isEqualTo(node));
        nodes.forEach(node -> assertThat(byNode.get(node).list()).hasSize(2));
    }

    private KubernetesDriver driver(String node) {
        PodSettings usual = PodSettings.defaults();
        var settings = KubernetesDriverSettings.defaults(cluster.settings().namespace(), node, TestCluster.INSTALLATION)
                .withPods(new PodSettings(
                        usual.gpuResource(),
                        cluster.settings().namespace(),
                        List.of(),
                        List.of(PodToleration.parse("kwok.x-k8s.io/node=fake:NoSchedule")),
                        null,
                        usual.sharedMemoryPercent(),
                        usual.ephemeralStorage(),
                        List.of()))
                .withTimeouts(new Timeouts(
                        Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(1)));
        var driver = new KubernetesDriver(cluster.cluster(), settings);
        drivers.add(driver);
        return driver;
    }

    /** That nobody mounts, of a storage class of our own. */
    private static void provideVolumes(int count) {
        IntStream.range(0, count)
                .forEach(i -> volumes.add(cluster.client()
                        .resource(new PersistentVolumeBuilder()
                                .withNewMetadata()
                                .withName(cluster.settings().namespace() + "-" + volumes.size())
                                .endMetadata()
                                .withNewSpec()
                                .withStorageClassName(cluster.settings().namespace())
                                .withAccessModes("ReadWriteOnce")
                                .addToCapacity("storage", new Quantity("1Gi"))
                                .withPersistentVolumeReclaimPolicy("Retain")
                                .withNewHostPath("/nowhere", "")
                                .endSpec()
                                .build())
                        .create()));
    }

    private static Deployment withGpus(int count) {
        return TestDeployments.withGpus(
                cluster.terminal(), IntStream.range(0, count).toArray());
    }

    private static String placed(Deployment deployment) {
        return cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(deployment.id()))
                .get()
                .getSpec()
                .getNodeName();
    }
}
