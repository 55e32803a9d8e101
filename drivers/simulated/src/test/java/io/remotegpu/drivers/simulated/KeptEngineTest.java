package io.remotegpu.drivers.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a simulated engine with a folder carries, another process finds. */
class KeptEngineTest {

    @TempDir
    Path folder;

    private final TestDeployments deployments =
            new TestDeployments(DeploymentMode.SIMULATED, "1", List.of("ssh-ed25519 AAAAexample tester"));
    private SimulatedDriver driver;

    @BeforeEach
    void start() {
        driver = another();
    }

    @Test
    void whatRanRunsForTheNextProcess() {
        var one = deployments.terminal();
        driver.deploy(one, Progress.silent());

        assertThat(another().list()).containsExactly(one.id());
        assertThat(another().observe(one.id())).isEqualTo(Observation.running());
    }

    @Test
    void twoProcessesThatServeItAtOnceSeeTheSame() {
        var other = another();
        var one = deployments.terminal();
        driver.deploy(one, Progress.silent());
        assertThat(other.observe(one.id())).isEqualTo(Observation.running());

        other.stop(one.id(), Duration.ZERO);
        assertThat(driver.observe(one.id())).isEqualTo(Observation.stopped());
        driver.remove(one.id());
        assertThat(other.list()).isEmpty();
    }

    @Test
    void theSameDeploymentGoesOnInTheNextProcess() {
        var one = deployments.terminal();
        driver.deploy(one, Progress.silent());
        var next = another();

        next.deploy(one, Progress.silent());

        assertThat(next.running(one.id())).contains(one);
    }

    @Test
    void whatWasStoppedOrRemovedIsSoForTheNextProcess() {
        var stopped = deployments.terminal();
        var removed = deployments.terminal();
        driver.deploy(stopped, Progress.silent());
        driver.stop(stopped.id(), Duration.ZERO);
        driver.deploy(removed, Progress.silent());
        driver.remove(removed.id());

        assertThat(another().list()).containsExactly(stopped.id());
        assertThat(another().observe(stopped.id())).isEqualTo(Observation.stopped());
    }

    @Test
    void twoThatRunOnOneGpuAreNoted() throws IOException {
        var one = TestDeployments.withGpus(deployments.terminal(), 0);
        driver.deploy(one, Progress.silent());
        driver.deploy(
                new Deployment(UUID.randomUUID(), one.owner(), one.spec(), one.gpus(), List.of(), one.credentials()),
                Progress.silent());

        assertThat(Files.readString(folder.resolve("doubled.log")))
                .contains(one.id().toString(), "[0]");
    }

    private SimulatedDriver another() {
        return new SimulatedDriver(
                new SimulatedDriverSettings(Duration.ZERO, Duration.ZERO, Set.of()),
                Faults.none(),
                folder.resolve("sim-1"));
    }
}
