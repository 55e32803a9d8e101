package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine is killed at each of the driver's requests in turn, after it did what was asked and before it said so; then
 * it is started again, and the same call is made again. It is the engine of the second machine, which no other test uses
 * meanwhile.
 */
class EngineKilledIT {

    private static final String ADDRESS = "172.27.0.2";
    private static final Path SCRIPT = Path.of(System.getProperty("basedir", ""))
            .resolve("../../deploy/engines/docker/engine.sh")
            .normalize();

    @TempDir
    static Path folder;

    private static final SshLogin LOGIN = new SshLogin();
    private static final String INSTALLATION =
            "test-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String NETWORK = "remotegpu-" + INSTALLATION;
    private static DeadlyRelay relay;
    private static DockerDriver attacked;
    private static DockerDriver driver;

    @BeforeAll
    static void connect() throws IOException {
        String host = System.getenv().getOrDefault("REMOTEGPU_TEST_MACHINE_DOCKER_HOST", "");
        if (host.isBlank()) {
            String reason = "REMOTEGPU_TEST_MACHINE_DOCKER_HOST names no engine that may be killed";
            if ("true".equals(System.getenv("CI")) || "all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE"))) {
                fail(reason);
            }
            abort(reason);
        }
        relay = new DeadlyRelay(
                folder.resolve("relay.sock"), Path.of(host.replace("unix://", "")), EngineKilledIT::killEngine);
        driver = driver(host);
        attacked = driver(relay.address());
    }

    private static DockerDriver driver(String host) {
        return new DockerDriver(
                DockerDriverSettings.defaults(host, INSTALLATION).withNetwork(NETWORK));
    }

    @AfterAll
    static void close() {
        LOGIN.close();
        if (driver != null) {
            driver.engine().client().removeNetworkCmd(NETWORK).exec();
            driver.close();
            attacked.close();
            relay.close();
        }
    }

    @AfterEach
    void removeWhatTheTestMade() {
        driver.list().forEach(driver::remove);
    }

    @Test
    void inTheMiddleOfADeploy() {
        var terminal = terminal();
        int requests = 0;
        while (isKilledAt(requests + 1, () -> attacked.deploy(terminal, Progress.silent()))) {
            requests++;
            assertThat(driver.list()).isSubsetOf(terminal.id());
            driver.deploy(terminal, Progress.silent());
            runs(terminal);
            driver.remove(terminal.id());
            assertThat(driver.list()).isEmpty();
        }
        runs(terminal);
        assertThat(requests).isGreaterThan(2);
    }

    @Test
    void inTheMiddleOfAStop() {
        var terminal = terminal();
        driver.deploy(terminal, Progress.silent());
        runs(terminal);
        ssh(terminal, "echo kept > note");
        int requests = 0;
        while (isKilledAt(requests + 1, () -> attacked.stop(terminal.id(), Duration.ofSeconds(2)))) {
            requests++;
            assertThat(driver.list()).containsExactly(terminal.id());
            driver.stop(terminal.id(), Duration.ofSeconds(2));
            assertThat(driver.observe(terminal.id())).isEqualTo(Observation.stopped());
            driver.deploy(terminal, Progress.silent());
            runs(terminal);
            assertThat(ssh(terminal, "cat note")).isEqualTo("kept\n");
        }
        assertThat(driver.observe(terminal.id())).isEqualTo(Observation.stopped());
        assertThat(requests).isGreaterThan(2);
    }

    @Test
    void inTheMiddleOfARemove() {
        var terminal = terminal();
        int requests = 0;
        while (true) {
            driver.deploy(terminal, Progress.silent());
            if (!isKilledAt(requests + 1, () -> attacked.remove(terminal.id()))) {
                break;
            }
            requests++;
            assertThat(driver.list()).isSubsetOf(terminal.id());
            driver.remove(terminal.id());
            assertThat(driver.list()).isEmpty();
        }
        assertThat(driver.list()).isEmpty();
        assertThat(requests).isGreaterThan(2);
    }

    /** False when the call ended before it came to that request. Afterwards the engine is there again. */
    private static boolean isKilledAt(int request, Runnable call) {
        relay.killAtTheAnswerTo(request);
        try {
            call.run();
            relay.killAtTheAnswerTo(0);
            return false;
        } catch (DriverException lost) {
            assertThat(lost.kind()).isIn(ErrorKind.ENGINE_UNAVAILABLE, ErrorKind.OUTCOME_UNKNOWN);
            assertThatThrownBy(driver::list).isInstanceOf(DriverException.class);
            script("start");
            return true;
        }
    }

    private static void killEngine() {
        var pid = script("status").replaceFirst("(?s).*is up, pid (\\d+).*", "$1");
        run("kill", "-KILL", pid);
    }

    private static String script(String action) {
        return run(SCRIPT.toString(), action, "--machine");
    }

    private static String run(String... command) {
        try {
            // To a file, because what it starts keeps a pipe open.
            var output = folder.resolve("output").toFile();
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            int status = process.waitFor();
            var said = Files.readString(output.toPath());
            assertThat(status).as(said).isZero();
            return said.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void runs(Deployment terminal) {
        Await.running(driver, terminal.id());
        assertThat(driver.list()).containsExactly(terminal.id());
        assertThat(ssh(terminal, "whoami")).isEqualTo("dev\n");
    }

    private static String ssh(Deployment terminal, String command) {
        return LOGIN.run(ADDRESS, TestDeployments.port(terminal, Service.SSH), command)
                .out();
    }

    /** Its ports are at the other machine's address. */
    private static Deployment terminal() {
        var here = new TestDeployments(DeploymentMode.DOCKER, "1", List.of(LOGIN.authorizedKey())).terminal();
        return new Deployment(
                here.id(),
                here.owner(),
                here.spec(),
                here.gpus(),
                here.ports().stream()
                        .map(port -> new PortBinding(port.service(), ADDRESS, port.port()))
                        .toList(),
                here.credentials());
    }
}
