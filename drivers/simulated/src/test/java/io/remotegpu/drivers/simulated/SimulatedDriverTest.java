package io.remotegpu.drivers.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.EnvironmentDriverContract;
import io.remotegpu.drivers.testkit.Inside;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatedDriverTest extends EnvironmentDriverContract {

    private static final String MISSING = "remotegpu/missing:1";

    private final ScriptedFaults faults = new ScriptedFaults();
    private final SimulatedDriver driver = new SimulatedDriver(
            new SimulatedDriverSettings(Duration.ZERO, Duration.ofMillis(30), Set.of(MISSING)), faults);

    @Test
    void aScriptedRefusalLeavesNothingBehind() {
        Deployment one = terminal();
        faults.failBefore(DriverCall.DEPLOY, ErrorKind.NO_CAPACITY, 1);
        assertFails(one, ErrorKind.NO_CAPACITY);
        assertThat(driver.observe(one.id())).isEqualTo(Observation.absent());
    }

    @Test
    void anAnswerThatWasLostHasHappened() {
        Deployment one = terminal();
        faults.failAfter(DriverCall.DEPLOY, ErrorKind.OUTCOME_UNKNOWN, 2);
        assertFails(one, ErrorKind.OUTCOME_UNKNOWN);
        assertThat(driver.running(one.id())).contains(one);
        assertFails(one, ErrorKind.OUTCOME_UNKNOWN);
        deploy(one);
        assertThat(faults.calls(DriverCall.DEPLOY)).isEqualTo(3);
        assertThat(driver.list()).containsExactly(one.id());
    }

    @Test
    void aScriptedPortIsNamed() {
        Deployment one = terminal();
        faults.portTaken(22_007);
        assertThatThrownBy(() -> deploy(one))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.port()).isEqualTo(22_007));
    }

    @Test
    void theServicesTakeTheirTimeToAnswer() {
        var slow = new SimulatedDriver(
                new SimulatedDriverSettings(Duration.ZERO, Duration.ofHours(1), Set.of()), Faults.none());
        Deployment one = deployments().terminal();
        slow.deploy(one, Progress.silent());
        assertThat(slow.observe(one.id()).state()).isEqualTo(Observation.State.STARTING);
    }

    @Override
    protected EnvironmentDriver driver() {
        return driver;
    }

    @Override
    protected TestDeployments deployments() {
        return new TestDeployments(DeploymentMode.SIMULATED, "1", List.of("ssh-ed25519 AAAAexample tester"));
    }

    @Override
    protected Closeable use(Deployment deployment) {
        driver.use(deployment.id(), new Activity(1, 0L, 0, null));
        return () -> driver.use(deployment.id(), new Activity(0, 0L, 0, null));
    }

    @Override
    protected Inside inside(Deployment deployment) {
        return new Inside() {
            @Override
            public void write(String name, String content) {
                running();
                driver.files(deployment.id()).put(name, content);
            }

            @Override
            public void print(List<String> lines) {
                running();
                lines.forEach(line -> driver.print(deployment.id(), line));
            }

            @Override
            public String read(String name) {
                running();
                return driver.files(deployment.id()).getOrDefault(name, "");
            }

            @Override
            public String variable(String name) {
                return running().spec().env().getOrDefault(name, "");
            }

            @Override
            public Set<Integer> gpus() {
                return running().gpus().stream().map(GpuDevice::index).collect(Collectors.toSet());
            }

            @Override
            public long memoryLimit() {
                return running().spec().memory();
            }

            @Override
            public double cpuLimit() {
                return running().spec().cpu();
            }

            private Deployment running() {
                Deployment running = driver.running(deployment.id()).orElseThrow();
                assertThat(running.ports()).isEqualTo(deployment.ports());
                return running;
            }
        };
    }

    @Override
    protected String engineMetadata(UUID id) {
        return driver.logs(id, 10) + driver.running(id).orElseThrow().toString();
    }

    @Override
    protected String missingImage() {
        return MISSING;
    }

    @Override
    protected boolean bindsHostPorts() {
        return false;
    }

    @Override
    protected int gpuCount() {
        return 8;
    }

    private void assertFails(Deployment deployment, ErrorKind kind) {
        assertThatThrownBy(() -> deploy(deployment))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
