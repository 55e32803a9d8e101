package io.remotegpu.activities.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.remotegpu.db.DatabaseConfiguration;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** On a real API server; nodes of which nobody speaks are made by hand, and are ready until the cluster notices. */
class NodeActivitiesIT {

    private static final String CLUSTER = "test";

    @TempDir
    static Path folder;

    private static ConfigurableApplicationContext application;
    private static KubernetesClient kubernetes;
    private static Clusters clusters;

    private final List<String> made = new ArrayList<>();
    private final HostRepository hosts = application.getBean(HostRepository.class);
    private final NodeActivities nodes = new NodeActivities(clusters, application.getBean(Hosts.class), hosts);

    @BeforeAll
    static void connect() {
        var kubeconfig = kubeconfig();
        kubernetes = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        clusters = new Clusters(
                KubernetesSettingsTest.settings(
                        CLUSTER, Map.of("kubeconfig", kubeconfig, "tolerations", "gpu=yes:NoSchedule")),
                "test");
        var database = TestDatabase.create();
        application = new SpringApplicationBuilder(Database.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "spring.datasource.url", database.url(),
                        "spring.datasource.username", database.username(),
                        "spring.datasource.password", database.password(),
                        "remotegpu.installation.key-folder", folder.toString()))
                .run();
    }

    private static Path kubeconfig() {
        var named = System.getenv("REMOTEGPU_TEST_KUBECONFIG");
        if (named != null) {
            return Path.of(named);
        }
        return "all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE"))
                ? fail("REMOTEGPU_TEST_KUBECONFIG is not set")
                : abort("no Kubernetes: REMOTEGPU_TEST_KUBECONFIG is not set");
    }

    @AfterAll
    static void disconnect() {
        if (application != null) {
            application.close();
            clusters.close();
            kubernetes.close();
        }
    }

    @AfterEach
    void removeWhatTheTestMade() {
        made.forEach(name -> kubernetes.nodes().withName(name).delete());
        application.getBean(JdbcClient.class).sql("TRUNCATE hosts CASCADE").update();
    }

    @Test
    void aReadyNodeIsAHostWithWhatPodsMayHave() {
        var node = node(8);
        nodes.sync(CLUSTER);
        nodes.sync(CLUSTER);

        var host = host(node);
        assertThat(host.status()).isEqualTo(HostStatus.ACTIVE);
        assertThat(host.modes()).containsExactly(DeploymentMode.K8S);
        assertThat(host.cluster()).isEqualTo(CLUSTER);
        assertThat(host.ipAddress()).isEqualTo("10.9.8.7");
        assertThat(host.totalCpu()).isEqualTo(31);
        assertThat(host.totalMemory()).isEqualTo(64L << 30);
        assertThat(host.portMin()).isEqualTo(30000);
        assertThat(gpus(host)).hasSize(8).allSatisfy(gpu -> {
            assertThat(gpu.model()).isEqualTo("NVIDIA-H100-80GB-HBM3");
            assertThat(gpu.memory()).isEqualTo(81559L << 20);
        });
        assertThat(hosts.ofCluster(CLUSTER)).extracting(Host::status).contains(HostStatus.ACTIVE);
    }

    @Test
    void aCordonedNodeTakesNothingNewUntilItIsUncordoned() {
        var node = node(0);
        nodes.sync(CLUSTER);

        cordon(node, true);
        nodes.sync(CLUSTER);
        assertThat(host(node).status()).isEqualTo(HostStatus.QUARANTINED);

        cordon(node, false);
        nodes.sync(CLUSTER);
        assertThat(host(node).status()).isEqualTo(HostStatus.ACTIVE);
    }

    @Test
    void aNodeThatIsGoneStaysAHostThatTakesNothingNew() {
        var node = node(1);
        nodes.sync(CLUSTER);

        kubernetes.nodes().withName(node).delete();
        nodes.sync(CLUSTER);

        assertThat(host(node).status()).isEqualTo(HostStatus.QUARANTINED);
        assertThat(gpus(host(node))).hasSize(1);
    }

    @Test
    void aNodeThatKeepsEnvironmentsAwayIsNoHostUnlessTheyTolerateIt() {
        var tolerated = node(0, taint("gpu", "yes"));
        var other = node(0, taint("dedicated", "databases"));

        nodes.sync(CLUSTER);

        assertThat(host(tolerated).status()).isEqualTo(HostStatus.ACTIVE);
        assertThat(hosts.findById(NodeIds.host(CLUSTER, other))).isEmpty();
    }

    private String node(int gpus, Taint... taints) {
        var name = "test-" + UUID.randomUUID().toString().substring(0, 8);
        made.add(name);
        var node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("nvidia.com/gpu.product", "NVIDIA-H100-80GB-HBM3")
                .addToLabels("nvidia.com/gpu.memory", "81559")
                .endMetadata()
                .withNewSpec()
                .withTaints(taints)
                .endSpec()
                .withNewStatus()
                .withAllocatable(Map.of(
                        "cpu", new Quantity("31850m"),
                        "memory", new Quantity("64Gi"),
                        "nvidia.com/gpu", new Quantity(Integer.toString(gpus))))
                .addNewAddress("10.9.8.7", "InternalIP")
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
        kubernetes.resource(node).create();
        // Without a version to compare: the cluster's controllers write to it, too.
        kubernetes
                .nodes()
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(Map.of("status", node.getStatus())));
        return name;
    }

    private static void cordon(String node, boolean cordoned) {
        kubernetes
                .nodes()
                .withName(node)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Map.of("spec", Map.of("unschedulable", cordoned))));
    }

    private static Taint taint(String key, String value) {
        return new TaintBuilder()
                .withKey(key)
                .withValue(value)
                .withEffect("NoSchedule")
                .build();
    }

    private Host host(String node) {
        return hosts.findById(NodeIds.host(CLUSTER, node)).orElseThrow();
    }

    private List<GpuRow> gpus(Host host) {
        return application
                .getBean(JdbcClient.class)
                .sql("SELECT model, memory FROM gpus WHERE host_id = ?")
                .param(host.id())
                .query(GpuRow.class)
                .list();
    }

    private record GpuRow(String model, long memory) {}

    @Configuration
    @EnableAutoConfiguration
    @Import(DatabaseConfiguration.class)
    static class Database {}
}
