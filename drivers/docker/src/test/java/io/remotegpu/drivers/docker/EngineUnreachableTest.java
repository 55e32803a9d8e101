package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineUnreachableTest {

    private final Deployment one = new TestDeployments(DeploymentMode.DOCKER, "1", List.of()).terminal();

    @Test
    void withoutAnEngineEachCallSaysSo(@TempDir Path folder) {
        String host = "unix://" + folder.resolve("docker.sock");
        try (var driver = new DockerDriver(DockerDriverSettings.defaults(host, "test"))) {
            assertEachFails(driver, ErrorKind.ENGINE_UNAVAILABLE, "cannot be reached");
            EngineDescription description = driver.engine().describe();
            assertThat(description.reachable()).isFalse();
            assertThat(description.reason()).contains(host).contains("is it running");
        }
    }

    @Test
    void behindAClosedPortEachCallSaysSo() {
        String host = "tcp://127.0.0.1:" + TestDeployments.freePort();
        try (var driver = new DockerDriver(DockerDriverSettings.defaults(host, "test"))) {
            assertEachFails(driver, ErrorKind.ENGINE_UNAVAILABLE, "cannot be reached");
        }
    }

    @Test
    void whatAnEngineDoesThatDoesNotAnswerIsUnknown() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Duration brief = Duration.ofMillis(200);
            var settings = DockerDriverSettings.defaults("tcp://127.0.0.1:" + silent.getLocalPort(), "test")
                    .withTimeouts(new DockerDriverSettings.Timeouts(brief, brief, brief, brief));
            try (var driver = new DockerDriver(settings)) {
                assertEachFails(driver, ErrorKind.OUTCOME_UNKNOWN, "did not answer");
            }
        }
    }

    @Test
    void theEngineIsWhereTheProcessSaysOrAtTheUsualSocket() {
        assertThat(DockerEngine.usualHost(Map.of("DOCKER_HOST", "tcp://engine:2375")))
                .isEqualTo("tcp://engine:2375");
        assertThat(DockerEngine.usualHost(Map.of())).isEqualTo("unix:///var/run/docker.sock");
    }

    private void assertEachFails(DockerDriver driver, ErrorKind kind, String words) {
        UUID id = one.id();
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> driver.deploy(one, Progress.silent()),
                () -> driver.stop(id, Duration.ofSeconds(1)),
                () -> driver.remove(id),
                () -> driver.observe(id),
                driver::list,
                () -> driver.logs(id, 10))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            DriverException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                    .hasMessageContaining(words);
        }
    }
}
