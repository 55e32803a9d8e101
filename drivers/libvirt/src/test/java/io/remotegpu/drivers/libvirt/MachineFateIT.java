package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.testkit.SshLogin;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.libvirt.Domain;
import org.libvirt.LibvirtException;

/** What becomes of a machine under foreign hands, and how the driver tells. */
class MachineFateIT {

    private static TestLibvirt engine;
    private static LibvirtDriver driver;

    @FunctionalInterface
    private interface ByHand {
        void on(Domain domain) throws LibvirtException;
    }

    @BeforeAll
    static void connect() {
        engine = TestLibvirt.connect();
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
    }

    @Test
    void aMachineWhoseProcessDiesFailedAndTheNextDeploymentBringsItBack() {
        Deployment one = deployed();
        ProcessHandle.allProcesses()
                .filter(process ->
                        process.info().commandLine().orElse("").contains("guest=" + MachineNames.domain(one.id())))
                .forEach(ProcessHandle::destroyForcibly);
        Observation seen = Await.until(driver, one.id(), Observation.State.FAILED);
        assertThat(seen.reason()).contains("crashed");
        deploy(one);
        Await.running(driver, one.id());
    }

    @Test
    void aMachineThatShutItselfDownIsStopped() {
        Deployment one = deployed();
        byHand(one.id(), Domain::shutdown);
        Observation seen = Await.until(driver, one.id(), Observation.State.STOPPED);
        deploy(one);
        Await.running(driver, one.id());
        assertThat(seen.reason()).isNotBlank();
    }

    @Test
    void aPausedMachineIsNamedAndCanBeStopped() {
        Deployment one = deployed();
        byHand(one.id(), Domain::suspend);
        assertThat(driver.observe(one.id()).state()).isEqualTo(Observation.State.FAILED);
        assertThat(driver.observe(one.id()).reason()).contains("virsh resume");
        assertKind(ErrorKind.CONFLICT, () -> deploy(one));
        driver.stop(one.id(), Duration.ofSeconds(1));
        assertThat(driver.observe(one.id())).isEqualTo(Observation.stopped());
    }

    @Test
    void aConnectionThatWasLostIsMadeAnew() {
        Deployment one = deployed();
        assertThatThrownBy(() -> driver.engine().ask("losing the connection", connection -> {
                    connection.close();
                    return connection.nodeInfo();
                }))
                .isInstanceOf(DriverException.class);
        assertThat(driver.observe(one.id())).isEqualTo(Observation.running());
    }

    @Test
    void anotherInstallationSeesNothingOfOurs() {
        Deployment one = deployed();
        var other = LibvirtDriverSettings.defaults(engine.settings().uri(), "other-installation")
                .withFolders(engine.settings().images(), engine.settings().machines());
        try (var stranger = new LibvirtDriver(other)) {
            assertThat(stranger.list()).doesNotContain(one.id());
            assertThat(stranger.observe(one.id())).isEqualTo(Observation.absent());
            stranger.remove(one.id());
            assertKind(ErrorKind.CONFLICT, () -> stranger.deploy(one, Progress.silent()));
        }
        assertThat(driver.observe(one.id())).isEqualTo(Observation.running());
    }

    @Test
    void keysAddedMeanwhileOpenTheMachineFromTheNextStartOn() {
        Deployment one = deployed();
        driver.stop(one.id(), Duration.ofSeconds(10));
        assertThat(MachineFolder.of(engine.settings(), one.id()).seed())
                .as("the secrets of a stopped machine")
                .doesNotExist();
        try (var second = new SshLogin()) {
            deploy(TestDeployments.withKeys(one, List.of(second.authorizedKey())));
            Await.running(driver, one.id());
            int port = one.ports().getFirst().port();
            assertThat(second.run(TestDeployments.ADDRESS, port, "echo in").out())
                    .isEqualTo("in\n");
        }
    }

    @Test
    void theLogIsTheConsole() {
        Deployment one = deployed();
        assertThat(String.join("\n", driver.logs(one.id(), 1000))).contains("mini guest is up");
    }

    @Test
    void theEngineTellsWhatItIs() {
        EngineDescription description = driver.engine().describe();
        assertThat(description.reachable()).as(description.reason()).isTrue();
        assertThat(description.version()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(description.hypervisorVersion()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(description.acceleration()).isNotEqualTo(Acceleration.AUTO);
        assertThat(description.accelerationReason()).isNotBlank();
        assertThat(description.cpus()).isPositive();
        assertThat(description.memory()).isPositive();
    }

    private static Deployment deployed() {
        Deployment one = engine.deployments().terminal();
        deploy(one);
        Await.running(driver, one.id());
        return one;
    }

    private static void deploy(Deployment deployment) {
        driver.deploy(deployment, Progress.silent());
    }

    private static void byHand(UUID id, ByHand action) {
        driver.engine().ask("by hand", connection -> {
            Domain domain = connection.domainLookupByUUID(id);
            try {
                action.on(domain);
            } finally {
                domain.free();
            }
            return null;
        });
    }

    private static void assertKind(ErrorKind kind, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        DriverException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind));
    }
}
