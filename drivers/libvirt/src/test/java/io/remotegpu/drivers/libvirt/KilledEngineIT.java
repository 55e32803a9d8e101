package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds after libvirt was killed in the middle of a call, and came back: the same call again finishes it. */
class KilledEngineIT {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private static EngineScript script;
    private static TestLibvirt engine;
    private static LibvirtDriver driver;

    @BeforeAll
    static void connect() {
        engine = TestLibvirt.connect();
        driver = engine.driver();
        script = EngineScript.find();
    }

    @AfterAll
    static void close() {
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void bringBackAndRemoveWhatTheTestMade() {
        script.start();
        driver.list().forEach(driver::remove);
    }

    @ParameterizedTest
    @ValueSource(strings = {"preparing", "defining", "starting"})
    void aDeployIsFinished(String step) {
        Deployment one = engine.deployments().terminal();

        assertRetried(() -> driver.deploy(one, words -> {
            if (words.startsWith(step)) {
                script.crash();
            }
        }));
        assertThatThrownBy(() -> driver.observe(one.id()))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENGINE_UNAVAILABLE));
        script.start();

        assertThat(driver.list()).containsExactly(one.id());
        finish(one);
    }

    /** The worst moment: QEMU is there, and libvirt has not noted down yet that it is. */
    @Test
    void aDeployWhoseMachineIsJustStartingIsFinished() {
        Deployment one = engine.deployments().terminal();
        var deploying = CompletableFuture.runAsync(() -> driver.deploy(one, Progress.silent()));
        awaitProcess(one.id());

        script.crash();
        settled(deploying);
        script.start();

        assertThat(driver.list()).containsExactly(one.id());
        finish(one);
    }

    @Test
    void aStopIsFinishedAndKeepsTheData() {
        Deployment one = running();
        assertThat(engine.ssh(one, "echo kept > ~/file").exit()).isZero();
        var stopping = CompletableFuture.runAsync(() -> driver.stop(one.id(), GRACE));

        script.crash();
        settled(stopping);
        script.start();

        driver.stop(one.id(), GRACE);
        assertThat(driver.observe(one.id())).isEqualTo(Observation.stopped());
        assertThat(driver.list()).containsExactly(one.id());
        assertThat(processes(one.id())).isZero();
        driver.deploy(one, Progress.silent());
        Await.running(driver, one.id());
        assertThat(engine.ssh(one, "cat ~/file").out()).isEqualTo("kept\n");
    }

    @Test
    void aRemoveIsFinished() {
        Deployment one = running();
        var removing = CompletableFuture.runAsync(() -> driver.remove(one.id()));

        script.crash();
        settled(removing);
        script.start();

        driver.remove(one.id());
        assertNothingOf(one);
    }

    @Test
    void whatRunsGoesOnAndIsKnownAgain() {
        Deployment one = running();
        script.crash();
        assertThat(engine.ssh(one, "echo on").out()).isEqualTo("on\n");
        script.start();
        Await.running(driver, one.id());
        assertThat(driver.list()).containsExactly(one.id());
    }

    private static Deployment running() {
        Deployment one = engine.deployments().terminal();
        driver.deploy(one, Progress.silent());
        Await.running(driver, one.id());
        return one;
    }

    /** The same call again brings it up, and nothing of it stays in the end. */
    private static void finish(Deployment one) {
        driver.deploy(one, Progress.silent());
        Await.running(driver, one.id());
        assertThat(processes(one.id())).isEqualTo(1);
        assertThat(engine.ssh(one, "echo in").out()).isEqualTo("in\n");
        driver.remove(one.id());
        assertNothingOf(one);
    }

    private static void assertNothingOf(Deployment one) {
        assertThat(driver.list()).isEmpty();
        assertThat(driver.observe(one.id())).isEqualTo(Observation.absent());
        assertThat(MachineFolder.of(engine.settings(), one.id()).exists()).isFalse();
        assertThat(processes(one.id())).isZero();
    }

    private static void assertRetried(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DriverException.class, KilledEngineIT::assertRetried);
    }

    private static void assertRetried(DriverException error) {
        assertThat(error.kind().retried())
                .as(error.kind() + ": " + error.getMessage())
                .isTrue();
    }

    /** It may have ended before the engine did; otherwise its error says that it may be called again. */
    private static void settled(CompletableFuture<Void> call) {
        try {
            call.join();
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOfSatisfying(DriverException.class, KilledEngineIT::assertRetried);
        }
    }

    private static void awaitProcess(UUID id) {
        while (processes(id) == 0) {
            Thread.onSpinWait();
        }
    }

    private static long processes(UUID id) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("guest=" + MachineNames.domain(id)))
                .count();
    }
}
