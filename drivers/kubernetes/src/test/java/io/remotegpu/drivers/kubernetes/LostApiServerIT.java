package io.remotegpu.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The API server, or its store, is killed in the middle of each call and comes back; needs the cluster of {@code
 * deploy/engines/k8s}, whose processes can be killed.
 */
class LostApiServerIT {

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

    @ParameterizedTest
    @ValueSource(strings = {"kube-apiserver", "etcd"})
    void theSameCallAgainFinishesWhatTheDeadServerLeftOpen(String name) {
        EngineProcess process = EngineProcess.of(name);
        Deployment one = cluster.terminal();

        killed(process, "PATCH", "secrets", 1, driver -> driver.deploy(one, Progress.silent()));
        // the second look at the pod is the first of those that wait for its start
        killed(process, "GET", "pods", 2, driver -> driver.deploy(one, Progress.silent()));
        assertThat(cluster.driver().list())
                .as("what was begun is accounted for")
                .containsExactly(one.id());
        cluster.deployAndAwait(one);
        cluster.run(one, "echo kept > ~/proof");

        killed(process, "DELETE", "pods", 1, driver -> driver.stop(one.id(), Duration.ofSeconds(5)));
        cluster.driver().stop(one.id(), Duration.ofSeconds(5));
        assertThat(cluster.driver().observe(one.id())).isEqualTo(Observation.stopped());
        assertThat(cluster.driver().list()).containsExactly(one.id());
        cluster.deployAndAwait(one);
        assertThat(cluster.run(one, "cat ~/proof")).isEqualTo("kept\n");

        killed(process, "DELETE", "pods", 1, driver -> driver.remove(one.id()));
        killed(process, "DELETE", "services", 1, driver -> driver.remove(one.id()));
        assertThat(cluster.driver().list()).as("the claim is the last to go").containsExactly(one.id());
        killed(process, "DELETE", "persistentvolumeclaims", 1, driver -> driver.remove(one.id()));
        cluster.driver().remove(one.id());
        assertThat(cluster.driver().observe(one.id())).isEqualTo(Observation.absent());
        assertThat(cluster.driver().list()).isEmpty();
    }

    /** Kills it as soon as it has answered the n-th request of that kind, and brings it back after the call has failed. */
    private static void killed(
            EngineProcess process, String method, String resource, int number, Consumer<KubernetesDriver> call) {
        var asked = new AtomicInteger();
        var killer = new Interceptor() {
            @Override
            public void after(
                    HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
                if (request.method().equals(method)
                        && request.uri().getPath().contains("/" + resource + "/")
                        && asked.incrementAndGet() == number) {
                    process.kill();
                }
            }
        };
        try (var through = cluster.through(killer)) {
            var driver = new KubernetesDriver(through, cluster.settings());
            assertThatThrownBy(() -> call.accept(driver))
                    .as("killed after " + method + " " + resource)
                    .isInstanceOfSatisfying(
                            DriverException.class,
                            e -> assertThat(e.kind().retried()).as(e.toString()).isTrue());
        } finally {
            process.revive();
        }
        assertThat(asked).hasValueGreaterThanOrEqualTo(number);
    }
}
