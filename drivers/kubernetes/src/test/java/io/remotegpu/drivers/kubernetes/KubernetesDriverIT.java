package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.EnvironmentDriverContract;
import io.remotegpu.drivers.testkit.Inside;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, on a real node of a real cluster. */
class KubernetesDriverIT extends EnvironmentDriverContract {

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

    @Override
    protected EnvironmentDriver driver() {
        return cluster.driver();
    }

    @Override
    protected TestDeployments deployments() {
        return cluster.deployments();
    }

    @Override
    protected Inside inside(Deployment deployment) {
        return cluster.inside(deployment);
    }

    @Override
    protected Closeable use(Deployment deployment) throws IOException {
        var socket = new Socket(cluster.address(), TestDeployments.port(deployment, Service.SSH));
        assertThat(socket.getInputStream().read()).isEqualTo('S');
        return socket;
    }

    /** All but the secret's own content, which only those see who may read secrets. */
    @Override
    protected String engineMetadata(UUID id) {
        var client = cluster.client();
        String namespace = cluster.settings().namespace();
        return raw("/api/v1/namespaces/" + namespace + "/pods")
                + raw("/api/v1/namespaces/" + namespace + "/persistentvolumeclaims")
                + raw("/api/v1/namespaces/" + namespace + "/services")
                + raw("/api/v1/namespaces/" + namespace + "/events")
                + raw("/apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies")
                + Serialization.asJson(client.secrets()
                        .inNamespace(namespace)
                        .withName(Labels.name(id))
                        .get()
                        .getMetadata())
                + cluster.driver().logs(id, 1000);
    }

    private static String raw(String path) {
        return cluster.client().raw(path);
    }

    @Override
    protected String missingImage() {
        return "127.0.0.1:1/remotegpu/missing:1";
    }

    /** Node ports are rules of the node's packet filter: a process that listens there is passed by. */
    @Override
    protected boolean bindsHostPorts() {
        return false;
    }

    /** None by its index: which cards a pod gets is the device plugin's choice. {@code PodFateIT} counts them. */
    @Override
    protected int gpuCount() {
        return 0;
    }
}
