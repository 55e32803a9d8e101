package io.remotegpu.drivers.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.github.dockerjava.api.exception.NotFoundException;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a container under foreign hands, and how the driver tells. */
class ContainerFateIT {

    private static TestEngine engine;
    private static DockerDriver driver;

    private final List<String> images = new ArrayList<>();

    @BeforeAll
    static void connect() {
        engine = TestEngine.connect();
        driver = engine.driver();
    }

    @AfterAll
    static void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void removeWhatTheTestMade() {
        driver.list().forEach(driver::remove);
        images.forEach(
                image -> engine.client().removeImageCmd(image).withForce(true).exec());
    }

    @Test
    void aContainerThatKeepsEndingFailsWithItsLastWords() {
        Deployment one = deploy(imageThatRuns("echo out of luck; exit 7"));
        Observation seen = Await.settled(driver, one.id());
        assertThat(seen.state()).isEqualTo(Observation.State.FAILED);
        assertThat(seen.reason()).contains("exit code 7").contains("out of luck");
        assertThat(driver.logs(one.id(), 2)).contains("out of luck");
    }

    @Test
    void aLogIsBoundedHoweverMuchWasWritten() {
        Deployment one = deploy(imageThatRuns("head -c 3000000 /dev/zero | tr '\\\\0' x; echo; echo the end; exit 7"));
        Await.settled(driver, one.id());
        List<String> lines = driver.logs(one.id(), 1000);
        assertThat(String.join("\n", lines)).hasSizeLessThanOrEqualTo(EnvironmentLogs.MOST_BYTES);
        assertThat(lines).last().isEqualTo("the end");
    }

    @Test
    void aContainerKilledForItsMemorySaysSo() {
        Deployment one = deploy(imageThatRuns("exec python3 -c 'x = bytearray(1 << 30)'"));
        Observation seen = Await.settled(driver, one.id());
        assertThat(seen.state()).isEqualTo(Observation.State.FAILED);
        assertThat(seen.reason()).contains("exit code 137").contains("more memory than it has");
    }

    @Test
    void aContainerKilledByHandFailedAndTheNextDeploymentBringsItBack() {
        Deployment one = deployed();
        engine.client().killContainerCmd(Labels.container(one.id())).exec();
        assertThat(Await.settled(driver, one.id()))
                .satisfies(seen -> assertThat(seen.reason()).contains("exit code 137"))
                .extracting(Observation::state)
                .isEqualTo(Observation.State.FAILED);
        redeploy(one);
        Await.running(driver, one.id());
    }

    @Test
    void aContainerStoppedByHandIsStopped() {
        Deployment one = deployed();
        engine.client()
                .stopContainerCmd(Labels.container(one.id()))
                .withTimeout(10)
                .exec();
        assertThat(driver.observe(one.id()).state()).isEqualTo(Observation.State.STOPPED);
        redeploy(one);
        Await.running(driver, one.id());
    }

    @Test
    void aPausedContainerIsNamedAndCanBeStopped() {
        Deployment one = deployed();
        engine.client().pauseContainerCmd(Labels.container(one.id())).exec();
        assertThat(driver.observe(one.id()).state()).isEqualTo(Observation.State.FAILED);
        assertThat(driver.observe(one.id()).reason()).contains("docker unpause");
        assertKind(ErrorKind.CONFLICT, () -> redeploy(one));
        driver.stop(one.id(), Duration.ofSeconds(1));
        assertThat(driver.observe(one.id())).isEqualTo(Observation.stopped());
    }

    @Test
    void aServiceThatDoesNotAnswerIsNamed() {
        Deployment one = deployed();
        engine.ssh(one, "kill -STOP $(pgrep -o -x sshd)");
        Observation seen = driver.observe(one.id());
        assertThat(seen.state()).isEqualTo(Observation.State.STARTING);
        assertThat(seen.reason()).startsWith("ssh at 127.0.0.1:").contains("does not answer");
    }

    @Test
    void keysAddedLaterOpenTheRunningEnvironment() {
        Deployment one = deployed();
        try (var second = new SshLogin()) {
            redeploy(TestDeployments.withKeys(one, List.of(second.authorizedKey())));
            int port = one.ports().getFirst().port();
            assertThat(second.run(TestDeployments.ADDRESS, port, "echo in").out())
                    .isEqualTo("in\n");
            assertThatThrownBy(() -> engine.ssh(one, "echo in"))
                    .as("the removed key")
                    .hasMessageContaining("ssh to");
        }
    }

    @Test
    void aForeignContainerUnderOurNameIsLeftAlone() {
        Deployment one = engine.deployments().terminal();
        String foreign = engine.client()
                .createContainerCmd(one.spec().image())
                .withName(Labels.container(one.id()))
                .exec()
                .getId();
        try {
            assertKind(ErrorKind.CONFLICT, () -> redeploy(one));
            driver.stop(one.id(), Duration.ZERO);
            driver.remove(one.id());
            assertThat(engine.client()
                            .inspectContainerCmd(foreign)
                            .exec()
                            .getState()
                            .getStatus())
                    .isEqualTo("created");
        } finally {
            engine.client().removeContainerCmd(foreign).withForce(true).exec();
        }
    }

    @Test
    void anotherInstallationSeesNothingOfOurs() {
        Deployment one = deployed();
        var other = DockerDriverSettings.defaults(engine.settings().host(), "other-installation");
        try (var stranger = new DockerDriver(other)) {
            assertThat(stranger.list()).doesNotContain(one.id());
            assertThat(stranger.observe(one.id())).isEqualTo(Observation.absent());
            stranger.remove(one.id());
        }
        assertThat(driver.observe(one.id())).isEqualTo(Observation.running());
    }

    @Test
    void aNetworkThatWasRemovedIsMadeAnew() {
        Deployment one = deployed();
        driver.stop(one.id(), Duration.ofSeconds(1));
        engine.client().removeNetworkCmd(engine.settings().network()).exec();
        redeploy(one);
        Await.running(driver, one.id());
    }

    @Test
    void aNetworkThatDoesNotSeparateIsRefused() {
        String open = engine.settings().network() + "-open";
        engine.client().createNetworkCmd().withName(open).exec();
        try (var careful = new DockerDriver(engine.settings().withNetwork(open))) {
            Deployment one = engine.deployments().terminal();
            assertKind(ErrorKind.CONFLICT, () -> careful.deploy(one, Progress.silent()));
        } finally {
            engine.client().removeNetworkCmd(open).exec();
        }
    }

    @Test
    void aGpuThatTheHostDoesNotHaveIsNoCapacity() {
        assertKind(
                ErrorKind.NO_CAPACITY,
                () -> redeploy(TestDeployments.withGpus(engine.deployments().terminal(), 9)));
    }

    @Test
    void gpusCanBeAskedForByIndexThoughTheyHaveAnId() {
        var byIndex = engine.settings()
                .withGpus(new DockerDriverSettings.Gpus(GpuAccess.CDI, TestEngine.CDI_KIND, GpuNaming.INDEX));
        Deployment plain = TestDeployments.withGpus(engine.deployments().terminal(), 2);
        Deployment one = new Deployment(
                plain.id(),
                plain.owner(),
                plain.spec(),
                List.of(new GpuDevice(2, "GPU-not-in-the-specification", "Test GPU", 80L << 30)),
                plain.ports(),
                plain.credentials());
        assertKind(ErrorKind.NO_CAPACITY, () -> redeploy(one));
        try (var indexed = new DockerDriver(byIndex)) {
            indexed.deploy(one, Progress.silent());
            Await.running(indexed, one.id());
        }
        assertThat(engine.inside(one).gpus()).containsExactly(2);
    }

    @Test
    void deviceRequestsNeedTheNvidiaToolkit() {
        assumeFalse(driver.engine().describe().nvidiaRuntime(), "the engine has it");
        var requests = engine.settings()
                .withGpus(new DockerDriverSettings.Gpus(GpuAccess.DEVICE_REQUEST, TestEngine.CDI_KIND, GpuNaming.UUID));
        try (var other = new DockerDriver(requests)) {
            Deployment one = TestDeployments.withGpus(engine.deployments().terminal(), 0);
            assertKind(ErrorKind.UNSUPPORTED, () -> other.deploy(one, Progress.silent()));
        }
    }

    @Test
    void moreCoresThanTheHostHasIsNoCapacity() {
        Deployment one = TestDeployments.withSize(engine.deployments().terminal(), 10_000, 256L << 20);
        assertKind(ErrorKind.NO_CAPACITY, () -> redeploy(one));
        assertThat(driver.observe(one.id())).isEqualTo(Observation.absent());
    }

    @Test
    void theEngineTellsWhatItIs() {
        EngineDescription description = driver.engine().describe();
        assertThat(description.reachable()).isTrue();
        assertThat(description.reason()).isNull();
        assertThat(description.version()).matches("\\d+\\..*");
        assertThat(description.apiVersion()).matches("1\\.\\d+");
        assertThat(description.cpus()).isPositive();
        assertThat(description.memory()).isPositive();
    }

    private static Deployment deployed() {
        Deployment one = engine.deployments().terminal();
        redeploy(one);
        Await.running(driver, one.id());
        return one;
    }

    private static Deployment deploy(String image) {
        Deployment one = TestDeployments.withImage(engine.deployments().terminal(), image);
        redeploy(one);
        return one;
    }

    private static void redeploy(Deployment deployment) {
        driver.deploy(deployment, Progress.silent());
    }

    private static void assertKind(ErrorKind kind, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        DriverException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }

    /** An image like ours whose main process does that. */
    private String imageThatRuns(String script) {
        String image = "remotegpu-test/" + engine.settings().installation() + ":" + images.size();
        String container = engine.client()
                .createContainerCmd(engine.deployments().terminal().spec().image())
                .withEntrypoint("sh", "-c", script)
                .exec()
                .getId();
        try {
            String[] name = image.split(":", -1);
            engine.client()
                    .commitCmd(container)
                    .withRepository(name[0])
                    .withTag(name[1])
                    .exec();
        } catch (NotFoundException e) {
            throw new IllegalStateException("the terminal image is missing: build it by deploy/images/build.sh", e);
        } finally {
            engine.client().removeContainerCmd(container).withForce(true).exec();
        }
        images.add(image);
        return image;
    }
}
