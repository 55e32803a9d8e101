package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code deploy/kubernetes/role.yaml} allows what the driver does, and little else. */
class LeastPrivilegeIT {

    private static final Path ROLE = Path.of("../../deploy/kubernetes/role.yaml");

    private static TestCluster admin;
    private static List<HasMetadata> made;

    @BeforeAll
    static void connect() throws IOException {
        admin = TestCluster.connect();
        try (InputStream yaml = Files.newInputStream(ROLE)) {
            made = admin.client().load(yaml).items();
        }
        made.forEach(object -> admin.client().resource(object).forceConflicts().serverSideApply());
    }

    @AfterAll
    static void close() {
        if (admin != null) {
            if (made != null) {
                made.reversed()
                        .forEach(object -> admin.client().resource(object).delete());
            }
            admin.close();
        }
    }

    @Test
    void theRoleIsEnoughForEveryCall() {
        try (var cluster = admin.as("system:serviceaccount:remotegpu:remotegpu")) {
            var driver = new KubernetesDriver(cluster, settings("remotegpu-environments"));
            Deployment one = admin.terminal();
            driver.deploy(one, Progress.silent());
            assertThat(admin.await(driver, one.id(), seen -> seen.state() != Observation.State.STARTING))
                    .isEqualTo(Observation.running());
            assertThat(driver.logs(one.id(), 10)).isNotEmpty();
            assertThat(driver.activity(one.id()).connections()).isNotNull();
            driver.deploy(TestDeployments.onOtherPorts(one), Progress.silent());
            publishByName(cluster, one);
            driver.stop(one.id(), Duration.ofSeconds(2));
            assertThat(driver.list()).containsExactly(one.id());
            driver.remove(one.id());
            assertThat(driver.list()).isEmpty();
        }
    }

    private static void publishByName(KubernetesCluster cluster, Deployment terminal) {
        var named = new KubernetesDriver(
                cluster,
                settings("remotegpu-environments")
                        .withPublication(new Publication.Ingress(
                                "{service}-{environment}.gpu.example.org", null, null, Map.of())));
        Deployment ide = admin.deployments().of(EnvironmentType.IDE);
        named.deploy(ide, Progress.silent());
        assertThat(named.addresses(ide.id())).hasSize(1);
        named.remove(ide.id());
        assertThat(named.list()).containsExactly(terminal.id());
    }

    @Test
    void itEndsAtTheNamespace() {
        try (var cluster = admin.as("system:serviceaccount:remotegpu:remotegpu")) {
            var driver = new KubernetesDriver(cluster, settings("default"));
            assertThatThrownBy(driver::list)
                    .isInstanceOfSatisfying(
                            DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.PERMISSION_DENIED))
                    .hasMessageContaining("deploy/kubernetes/role.yaml");
            assertThatThrownBy(() -> cluster.client()
                            .secrets()
                            .inNamespace("remotegpu-environments")
                            .list())
                    .hasMessageContaining("forbidden");
        }
    }

    private static KubernetesDriverSettings settings(String namespace) {
        return KubernetesDriverSettings.defaults(namespace, admin.settings().node(), TestCluster.INSTALLATION);
    }
}
