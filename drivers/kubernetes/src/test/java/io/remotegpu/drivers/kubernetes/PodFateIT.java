package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.remotegpu.drivers.kubernetes.KubernetesDriverSettings.Timeouts;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a cluster does to pods besides running them. */
class PodFateIT {

    private static TestCluster cluster;

    @BeforeAll
    static void connect() {
        cluster = TestCluster.connect();
    }

    @AfterAll
    static void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void removeWhatTheTestMade() {
        cluster.driver().list().forEach(cluster.driver()::remove);
    }

    @Test
    void asManyGpusAsAskedForAreInside() {
        Deployment two = TestDeployments.withGpus(cluster.terminal(), 0, 1);
        cluster.deployAndAwait(two);
        assertThat(cluster.inside(two).gpus()).hasSize(2);
        Deployment three = TestDeployments.withGpus(two, 0, 1, 2);
        cluster.deployAndAwait(three);
        assertThat(cluster.inside(three).gpus()).hasSize(3);
    }

    @Test
    void aNodeWithoutRoomSaysSoInTheSchedulersWords() {
        Deployment many = TestDeployments.withGpus(
                cluster.terminal(), IntStream.range(0, 64).toArray());
        KubernetesDriver impatient = driver(cluster.settings()
                .withTimeouts(new Timeouts(
                        Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(2))));
        assertKind(impatient, many, ErrorKind.NO_CAPACITY)
                .hasMessageContaining("Insufficient nvidia.com/gpu")
                .hasMessageContaining(cluster.settings().node());
        assertThat(impatient.observe(many.id()).state()).isEqualTo(Observation.State.STARTING);
        assertThat(impatient.observe(many.id()).reason()).contains("Insufficient nvidia.com/gpu");
    }

    @Test
    void aNodeThatIsNotThereHasNoRoom() {
        KubernetesDriver elsewhere = driver(KubernetesDriverSettings.defaults(
                        cluster.settings().namespace(), "no-such-node", TestCluster.INSTALLATION)
                .withTimeouts(new Timeouts(
                        Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(2))));
        Deployment one = cluster.terminal();
        assertKind(elsewhere, one, ErrorKind.NO_CAPACITY);
        assertThat(cluster.driver().list()).as("another node's").doesNotContain(one.id());
        elsewhere.remove(one.id());
        assertThat(elsewhere.list()).isEmpty();
    }

    @Test
    void anImageThatEndsAtOnceFailsWithItsLastWords() {
        Deployment one = cluster.terminal();
        Deployment broken = withVariables(one, Map.of("HOME", "/nowhere"));
        cluster.deploy(broken);
        Observation seen =
                cluster.await(cluster.driver(), one.id(), observed -> observed.state() == Observation.State.FAILED);
        assertThat(seen.reason()).contains("exit code 1").contains("could not be prepared");
        // the same again replaces what fails
        Deployment repaired = withVariables(one, Map.of());
        cluster.deployAndAwait(repaired);
    }

    @Test
    void anImageNameThatIsNoneIsRefused() {
        assertKind(
                cluster.driver(),
                TestDeployments.withImage(cluster.terminal(), "Not An Image"),
                ErrorKind.INVALID_SPEC);
    }

    @Test
    void somethingElseUnderOurNameIsLeftAlone() {
        Deployment one = cluster.terminal();
        var foreign = new ServiceBuilder()
                .withNewMetadata()
                .withName(Labels.name(one.id()))
                .withNamespace(cluster.settings().namespace())
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
        cluster.client().resource(foreign).create();
        assertKind(cluster.driver(), one, ErrorKind.CONFLICT).hasMessageContaining(Labels.name(one.id()));
        cluster.driver().remove(one.id());
        var still = cluster.client().resource(foreign).get();
        assertThat(still).isNotNull();
        assertThat(still.getMetadata().getLabels()).isNullOrEmpty();
        cluster.client().resource(foreign).delete();
    }

    @Test
    void aQuotaOfTheNamespaceIsPermissionDenied() {
        var quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("no-gpus")
                .withNamespace(cluster.settings().namespace())
                .endMetadata()
                .withNewSpec()
                .addToHard("requests.nvidia.com/gpu", new Quantity("1"))
                .endSpec()
                .build();
        cluster.client().resource(quota).create();
        try {
            Awaitility.await()
                    .until(() ->
                            cluster.client().resource(quota).get().getStatus().getHard() != null);
            assertKind(
                            cluster.driver(),
                            TestDeployments.withGpus(cluster.terminal(), 0, 1),
                            ErrorKind.PERMISSION_DENIED)
                    .hasMessageContaining("exceeded quota: no-gpus");
        } finally {
            cluster.client().resource(quota).delete();
        }
    }

    @Test
    void aRemovalThatSomethingHoldsUpSaysWhatStillStands() {
        Deployment one = cluster.terminal();
        cluster.deployAndAwait(one);
        var pod = cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(one.id()));
        pod.edit(held -> finalizers(held, List.of("example.org/holds-up")));
        KubernetesDriver impatient = driver(cluster.settings()
                .withTimeouts(new Timeouts(
                        Duration.ofSeconds(20), Duration.ofMinutes(1), Duration.ofSeconds(2), Duration.ofSeconds(2))));
        assertThatThrownBy(() -> impatient.remove(one.id()))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.OUTCOME_UNKNOWN))
                .hasMessageContaining("example.org/holds-up")
                .hasMessageContaining(Labels.name(one.id()));
        assertThat(impatient.list()).as("still accounted for").contains(one.id());
        pod.edit(held -> finalizers(held, List.of()));
        impatient.remove(one.id());
        assertThat(impatient.observe(one.id())).isEqualTo(Observation.absent());
    }

    @Test
    void removeLeavesNothingOfIt() {
        Deployment one = cluster.terminal();
        cluster.deployAndAwait(one);
        cluster.driver().remove(one.id());
        String namespace = cluster.settings().namespace();
        var selector = Labels.selector(one.id(), TestCluster.INSTALLATION);
        var client = cluster.client();
        assertThat(client.pods()
                        .inNamespace(namespace)
                        .withLabels(selector)
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(client.secrets()
                        .inNamespace(namespace)
                        .withLabels(selector)
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(client.services()
                        .inNamespace(namespace)
                        .withLabels(selector)
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(client.network()
                        .networkPolicies()
                        .inNamespace(namespace)
                        .withLabels(selector)
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withLabels(selector)
                        .list()
                        .getItems())
                .isEmpty();
    }

    @Test
    void newKeysReachARunningPod() {
        Deployment one = cluster.terminal();
        cluster.deployAndAwait(one);
        String uid = uid(one.id());
        var keys = new ArrayList<>(one.credentials().authorizedKeys());
        keys.add("ssh-ed25519 AAAAanother friend");
        cluster.deploy(TestDeployments.withKeys(one, keys));
        assertThat(uid(one.id())).as("the same pod").isEqualTo(uid);
        // Hundreds of logins, of which one may be refused: what counts is that the keys come.
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() ->
                        cluster.run(one, "cat /run/remotegpu/authorized_keys").contains("AAAAanother"));
    }

    @Test
    void aPodThatSomebodyRemovedIsStopped() {
        Deployment one = cluster.terminal();
        cluster.deployAndAwait(one);
        cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(one.id()))
                .withGracePeriod(1)
                .delete();
        assertThat(cluster.await(cluster.driver(), one.id(), Observation.stopped()::equals))
                .isEqualTo(Observation.stopped());
    }

    private static Pod finalizers(Pod pod, List<String> finalizers) {
        pod.getMetadata().setFinalizers(finalizers);
        return pod;
    }

    private static String uid(UUID id) {
        return cluster.client()
                .pods()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(id))
                .get()
                .getMetadata()
                .getUid();
    }

    private static Deployment withVariables(Deployment deployment, Map<String, String> env) {
        return EnvironmentManifestsTest.withEnv(deployment, env);
    }

    private static KubernetesDriver driver(KubernetesDriverSettings settings) {
        return new KubernetesDriver(cluster.cluster(), settings);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertKind(
            KubernetesDriver driver, Deployment deployment, ErrorKind kind) {
        return assertThatThrownBy(() -> driver.deploy(deployment, Progress.silent()))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
