package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The node of a real cluster as a host: the same life, through the same API, as anywhere else. */
class KubernetesIT {

    private static final String NAMESPACE =
            "remotegpu-e2e-" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path folder;

    private static KubernetesClient kubernetes;
    private static Server server;
    private static Api user;
    private static Terminal terminal;

    @BeforeAll
    static void aClusterAsTheOnlyPlace() {
        Path kubeconfig = Needs.kubeconfig();
        kubernetes = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        kubernetes
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        server = new Server(
                folder.resolve("home"),
                "unix://" + folder.resolve("absent.sock"),
                Map.of(
                        "REMOTEGPU_KUBERNETES_CLUSTERS_MAIN_KUBECONFIG",
                        kubeconfig.toString(),
                        "REMOTEGPU_KUBERNETES_CLUSTERS_MAIN_NAMESPACE",
                        NAMESPACE));
        server.start();
        user = server.api().register("admin");
        terminal = new Terminal(folder.resolve("admin")).addTo(user);
        Eventually.until("a node is a host", () -> !activeNodes().isEmpty());
    }

    @AfterAll
    static void nothingStays() {
        if (server != null) {
            server.close();
        }
        if (kubernetes != null) {
            kubernetes.namespaces().withName(NAMESPACE).delete();
            kubernetes.close();
        }
    }

    @Test
    void aTerminalLivesThroughStopAndStartAndLeavesNothing() {
        var environment = UserEnvironment.running(user, UserEnvironment.request("term", "terminal", "k8s", 1));
        assertThat(activeNodes()).contains(environment.look().path("host_id").asString(""));
        assertThat(environment.gpuIndexes()).hasSize(1);
        String command = environment.sshCommand();
        assertThat(terminal.paste(command, environment, "echo kept > ~/proof; whoami"))
                .isEqualTo("dev");
        assertThat(terminal.paste(command, environment, "echo $NVIDIA_VISIBLE_DEVICES"))
                .isNotBlank();
        assertThat(inTheCluster()).containsExactly(environment.id());

        assertThat(environment.operate("stop").path("status").asString("")).isEqualTo("stopped");
        assertThat(pods()).isEmpty();
        assertThat(environment.operate("start").path("status").asString("")).isEqualTo("running");
        assertThat(environment.sshCommand()).as("the same port").isEqualTo(command);
        assertThat(terminal.paste(command, environment, "cat ~/proof")).isEqualTo("kept");

        environment.delete();
        assertThat(inTheCluster()).isEmpty();
        assertThat(server.rows().heldBy(environment.id())).isEmpty();
        assertThat(server.rows().violations()).isEmpty();
    }

    @Test
    void anIdeServesJupyterAndItsLogIsRead() throws Exception {
        var environment = UserEnvironment.running(user, UserEnvironment.request("ide", "ide", "k8s", 0));

        assertThat(Api.browse(environment.service("jupyter").path("url").asString(""))
                        .statusCode())
                .isEqualTo(200);
        assertThat(user.get(environment.path() + "/logs").expect(200).body().toString())
                .contains("Jupyter Server");
        try (var log = new FollowedLog(user, environment)) {
            log.awaitLine("Jupyter Server");
        }
        environment.delete();
    }

    @Test
    void whatNoNodeHasRoomForIsRefusedAtOnce() {
        var refused = user.post(
                        "/environments",
                        UserEnvironment.request("big", "terminal", "k8s", 0)
                                .replace("\"1Gi\",\"gpu", "\"120Gi\",\"gpu"))
                .expect(409);

        assertThat(refused.text("code")).isEqualTo("no_capacity");
        assertThat(refused.body().path("errors").toString()).contains("memory");
        assertThat(inTheCluster()).isEmpty();
    }

    private static List<String> activeNodes() {
        return user.get("/hosts?status=active")
                .expect(200)
                .body()
                .path("items")
                .valueStream()
                .filter(host -> host.path("cluster").asString("").equals("main"))
                .map(host -> host.path("id").asString(""))
                .toList();
    }

    private static List<? extends HasMetadata> pods() {
        return kubernetes.pods().inNamespace(NAMESPACE).list().getItems();
    }

    /** The environments of which there is anything. */
    private static Set<UUID> inTheCluster() {
        return Stream.of(
                        pods(),
                        kubernetes
                                .persistentVolumeClaims()
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems(),
                        kubernetes.services().inNamespace(NAMESPACE).list().getItems(),
                        kubernetes.secrets().inNamespace(NAMESPACE).list().getItems(),
                        kubernetes
                                .network()
                                .networkPolicies()
                                .inNamespace(NAMESPACE)
                                .list()
                                .getItems())
                .flatMap(List::stream)
                .map(object -> UUID.fromString(object.getMetadata().getLabels().get("remotegpu.io/environment")))
                .collect(Collectors.toSet());
    }
}
