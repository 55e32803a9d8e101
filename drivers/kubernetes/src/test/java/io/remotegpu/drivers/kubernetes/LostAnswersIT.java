package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The way to the API server breaks in the middle of a call, at every point: what was asked may have happened or not. */
class LostAnswersIT {

    /** About what two answers have, so that the cut falls between any two of them, and into some. */
    private static final long STEP = 3000;

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
    void theSameCallAgainFinishesWhatALostAnswerLeftOpen() throws Exception {
        Deployment one = cluster.terminal();
        assertThat(brokenUntilDone(driver -> driver.deploy(one, Progress.silent())))
                .isGreaterThan(3);
        assertThat(cluster.await(cluster.driver(), one.id(), seen -> seen.state() != Observation.State.STARTING))
                .isEqualTo(Observation.running());
        brokenUntilDone(driver -> driver.stop(one.id(), Duration.ofSeconds(2)));
        assertThat(cluster.driver().observe(one.id())).isEqualTo(Observation.stopped());
        assertThat(brokenUntilDone(driver -> driver.remove(one.id()))).isPositive();
        assertThat(cluster.driver().observe(one.id())).isEqualTo(Observation.absent());
        assertThat(cluster.driver().list()).isEmpty();
    }

    /** How often it broke, each time with an error that says that the same call again may help. */
    private static int brokenUntilDone(Consumer<KubernetesDriver> call) throws Exception {
        int broken = 0;
        try (var proxy =
                new CuttingProxy(URI.create(cluster.client().getConfiguration().getMasterUrl()))) {
            for (long bytes = STEP; ; bytes += STEP) {
                proxy.cutAfter(bytes);
                try (var through = new KubernetesCluster(
                                new ConfigBuilder(cluster.client().getConfiguration())
                                        .withMasterUrl(proxy.address())
                                        .build());
                        var driver = new KubernetesDriver(through, cluster.settings())) {
                    call.accept(driver);
                    return broken;
                } catch (DriverException e) {
                    assertThat(e.kind().retried()).as(e.toString()).isTrue();
                    broken++;
                }
            }
        }
    }
}
