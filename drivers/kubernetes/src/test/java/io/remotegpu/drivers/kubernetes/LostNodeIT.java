package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.kubernetes.KubernetesDriverSettings.Timeouts;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node whose kubelet falls silent; needs the cluster of {@code deploy/engines/k8s}, whose kubelet can be halted. */
class LostNodeIT {

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

    @Test
    void whatRunsGoesOnAndWhatIsToBeRemovedStaysAccountedFor() {
        EngineProcess kubelet = EngineProcess.of("kubelet");
        Deployment one = cluster.terminal();
        cluster.deployAndAwait(one);
        KubernetesDriver impatient = new KubernetesDriver(
                cluster.cluster(),
                cluster.settings()
                        .withTimeouts(new Timeouts(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(2))));
        var node = new ClusterNode(cluster.client(), cluster.settings());
        kubelet.halt();
        try {
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> node.trouble() != null);
            assertThat(impatient.observe(one.id())).as("it still answers").isEqualTo(Observation.running());
            assertThatThrownBy(() -> impatient.remove(one.id()))
                    .isInstanceOfSatisfying(
                            DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENGINE_UNAVAILABLE))
                    .hasMessageContaining("pod " + Labels.name(one.id()))
                    .hasMessageContaining("node " + cluster.settings().node() + " does not answer since");
            assertThat(impatient.observe(one.id()).state()).isEqualTo(Observation.State.FAILED);
            assertThat(impatient.list()).as("still accounted for").containsExactly(one.id());
        } finally {
            kubelet.goOn();
        }
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> node.trouble() == null);
        cluster.driver().remove(one.id());
        assertThat(cluster.driver().list()).isEmpty();
    }
}
