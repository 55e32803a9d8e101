package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Load balancers and ingresses on a real API server; no controller is behind them, so tests say what one would say. */
class PublicationIT {

    private static final Publication.LoadBalancer BALANCER =
            new Publication.LoadBalancer(Map.of("example.org/internal", "true"), Duration.ofSeconds(30));
    private static final Publication.Ingress BY_NAME =
            new Publication.Ingress("{service}-{environment}.gpu.example.org", null, "certificate", Map.of());

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
    void theAddressIsWhatTheLoadBalancerGives() throws Exception {
        KubernetesDriver driver = driver(BALANCER);
        Deployment ide = cluster.deployments().of(EnvironmentType.IDE);
        var deploying =
                CompletableFuture.runAsync(() -> driver.deploy(ide, Progress.silent()), Thread::startVirtualThread);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> service(ide.id()) != null);
        assertThat(driver.addresses(ide.id())).isEmpty();
        give(ide.id(), "{\"ip\": \"203.0.113.9\"}");
        deploying.get(1, TimeUnit.MINUTES);

        assertThat(driver.addresses(ide.id()))
                .containsExactly(
                        new PublicAddress(Service.SSH, "203.0.113.9", 2222, false),
                        new PublicAddress(Service.JUPYTER, "203.0.113.9", 8888, false));
        assertThat(service(ide.id()).getMetadata().getAnnotations()).containsEntry("example.org/internal", "true");
        assertThat(cluster.await(driver, ide.id(), seen -> seen.state() != Observation.State.STARTING))
                .isEqualTo(Observation.running());
        give(ide.id(), "{\"hostname\": \"balancer.example.org\"}");
        driver.deploy(ide, Progress.silent());
        assertThat(driver.addresses(ide.id()))
                .extracting(PublicAddress::host)
                .as("the same deploy again keeps what the balancer says")
                .containsOnly("balancer.example.org");

        driver.remove(ide.id());
        assertThat(service(ide.id())).isNull();
        assertThat(driver.addresses(ide.id())).isEmpty();
    }

    @Test
    void aClusterWithoutLoadBalancersSaysSo() {
        KubernetesDriver impatient = driver(new Publication.LoadBalancer(Map.of(), Duration.ofSeconds(1)));
        assertThatThrownBy(() -> impatient.deploy(cluster.terminal(), Progress.silent()))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
                .hasMessageContaining("load balancer");
    }

    @Test
    void anIngressComesAndGoesWithItsEnvironment() {
        KubernetesDriver driver = driver(BY_NAME);
        Deployment ide = cluster.deployments().of(EnvironmentType.IDE);
        driver.deploy(ide, Progress.silent());
        assertThat(driver.addresses(ide.id()))
                .containsExactly(
                        new PublicAddress(Service.JUPYTER, "jupyter-" + ide.id() + ".gpu.example.org", 443, true));
        assertThat(cluster.await(driver, ide.id(), seen -> seen.state() != Observation.State.STARTING))
                .isEqualTo(Observation.running());

        driver.stop(ide.id(), Duration.ofSeconds(1));
        assertThat(ingress(ide.id())).as("stopped").isNotNull();
        driver.remove(ide.id());
        assertThat(ingress(ide.id())).isNull();
        assertThat(driver.addresses(ide.id())).isEmpty();
    }

    @Test
    void anotherSettingChangesWhatStandsAtTheNextDeploy() {
        Deployment ide = cluster.deployments().of(EnvironmentType.IDE);
        driver(BY_NAME).deploy(ide, Progress.silent());

        cluster.deploy(ide);
        assertThat(ingress(ide.id())).isNull();
        assertThat(cluster.driver().addresses(ide.id())).isEmpty();

        driver(BY_NAME).deploy(ide, Progress.silent());
        cluster.driver().remove(ide.id());
        assertThat(ingress(ide.id())).as("removed under another setting").isNull();
    }

    private static KubernetesDriver driver(Publication publication) {
        return new KubernetesDriver(cluster.cluster(), cluster.settings().withPublication(publication));
    }

    private static io.fabric8.kubernetes.api.model.Service service(UUID id) {
        return cluster.client()
                .services()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(id))
                .get();
    }

    private static Ingress ingress(UUID id) {
        return cluster.client()
                .network()
                .v1()
                .ingresses()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(id))
                .get();
    }

    /** As the cluster's load balancer does. */
    private static void give(UUID id, String point) {
        cluster.client()
                .services()
                .inNamespace(cluster.settings().namespace())
                .withName(Labels.name(id))
                .subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\": {\"loadBalancer\": {\"ingress\": [" + point + "]}}}");
    }
}
