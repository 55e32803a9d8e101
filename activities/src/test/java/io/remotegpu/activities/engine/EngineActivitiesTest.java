package io.remotegpu.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.simulated.Faults;
import io.remotegpu.drivers.simulated.ScriptedFaults;
import io.remotegpu.drivers.simulated.SimulatedDriver;
import io.remotegpu.drivers.simulated.SimulatedDriverSettings;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.workflows.environment.DeployStep;
import io.remotegpu.workflows.environment.EngineSteps;
import io.remotegpu.workflows.environment.FailureReason;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineActivitiesTest {

    private static final Duration SOON = Duration.ofMillis(200);
    private static final Credentials CREDENTIALS = new Credentials(List.of("ssh-ed25519 AAAA"), "token", null);

    private final UUID id = UUID.randomUUID();
    private final TestActivityEnvironment activities = TestActivityEnvironment.newInstance();
    private final List<String> heartbeats = new CopyOnWriteArrayList<>();
    private final List<String> progress = new CopyOnWriteArrayList<>();
    private final List<List<String>> kept = new CopyOnWriteArrayList<>();
    private volatile boolean storeFails;

    @AfterEach
    void close() {
        activities.close();
    }

    @Test
    void aDeployReadsItsSecretsByIdAndReturnsWhenTheServicesAnswer() {
        var driver = new SimulatedDriver(
                new SimulatedDriverSettings(Duration.ZERO, Duration.ofMillis(50), Set.of()), Faults.none());

        stub(driver).deploy(step(DeploymentMode.SIMULATED));

        assertThat(driver.observe(id)).isEqualTo(Observation.running());
        assertThat(driver.running(id).orElseThrow().credentials()).isEqualTo(CREDENTIALS);
    }

    @Test
    void servicesThatNeverAnswerAreNotReady() {
        var driver = new SimulatedDriver(
                new SimulatedDriverSettings(Duration.ZERO, Duration.ofHours(1), Set.of()), Faults.none());

        assertFailure(() -> stub(driver).deploy(step(DeploymentMode.SIMULATED)), FailureReason.NOT_READY)
                .hasMessageContaining("do not answer yet");
    }

    @Test
    void computeThatEndedByItselfIsNotReady() {
        var driver = new Observed(Observation.failed("the container exited with code 1"));

        assertFailure(() -> stub(driver).deploy(step(DeploymentMode.SIMULATED)), FailureReason.NOT_READY)
                .hasMessageContaining("exited with code 1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Observation.State.class,
            names = {"ABSENT", "STOPPED"})
    void computeThatIsGoneIsNotReady(Observation.State gone) {
        var driver = new Observed(new Observation(gone, null));

        assertFailure(() -> stub(driver).deploy(step(DeploymentMode.SIMULATED)), FailureReason.NOT_READY)
                .hasMessageContaining("went away");
    }

    @Test
    void aModeThatTheHostDoesNotHaveIsUnsupported() {
        assertFailure(
                () -> stub(new SimulatedDriver()).deploy(step(DeploymentMode.DOCKER)), ErrorKind.UNSUPPORTED.name());
    }

    @Test
    void theDriversErrorIsTheFailure() {
        var faults = new ScriptedFaults().failBefore(DriverCall.STOP, ErrorKind.CONFLICT, 1);
        var driver = new SimulatedDriver(SimulatedDriverSettings.defaults(), faults);

        assertFailure(() -> stub(driver).stop(id, DeploymentMode.SIMULATED, Duration.ZERO), ErrorKind.CONFLICT.name());
    }

    @Test
    void aCancellationReachesADriverThatHangs() throws InterruptedException {
        var driver = new Hanging();
        var stub = stub(driver);
        var deploy = CompletableFuture.runAsync(() -> stub.deploy(step(DeploymentMode.SIMULATED)));
        assertThat(driver.began.await(10, TimeUnit.SECONDS)).isTrue();

        activities.requestCancelActivity();

        assertThat(deploy).failsWithin(Duration.ofSeconds(20));
        assertThat(causes(deploy.exceptionNow())).anyMatch(CanceledFailure.class::isInstance);
        assertThat(heartbeats).contains("pulling");
        await().untilAsserted(() -> assertThat(progress).containsExactly("pulling"));
    }

    @Test
    void theLogIsLeftInTheStoreAndNotInTheAnswer() {
        var driver = new SimulatedDriver();
        var stub = stub(driver);
        stub.deploy(step(DeploymentMode.SIMULATED));

        stub.captureLog(id, DeploymentMode.SIMULATED);

        assertThat(kept).containsExactly(driver.logs(id, 1000));
        assertThat(kept.getFirst()).isNotEmpty();
    }

    @Test
    void aDriverWithoutLogsIsUnsupported() {
        var stub = stub(new Observed(Observation.running()));

        assertFailure(() -> stub.captureLog(id, DeploymentMode.SIMULATED), ErrorKind.UNSUPPORTED.name())
                .hasMessageContaining("no log");
        assertThat(kept).isEmpty();
    }

    @Test
    void whatDoesNotComeUpLeavesItsLogBehind() {
        var driver = new SimulatedDriver(
                new SimulatedDriverSettings(Duration.ZERO, Duration.ofHours(1), Set.of()), Faults.none());
        var stub = stub(driver);

        assertFailure(() -> stub.deploy(step(DeploymentMode.SIMULATED)), FailureReason.NOT_READY);

        assertThat(kept).containsExactly(driver.logs(id, 1000));
    }

    @Test
    void aLogThatCannotBeKeptDoesNotHideWhyItDidNotComeUp() {
        storeFails = true;
        var driver = new Observed(Observation.failed("the container exited with code 1"));

        assertFailure(() -> stub(driver).deploy(step(DeploymentMode.SIMULATED)), FailureReason.NOT_READY)
                .hasMessageContaining("exited with code 1");
    }

    private void keep(List<String> lines) {
        if (storeFails) {
            throw new IllegalStateException("the store is away");
        }
        kept.add(lines);
    }

    private final class Kept implements LogStore {
        @Override
        public void keep(UUID environmentId, List<String> lines) {
            EngineActivitiesTest.this.keep(lines);
        }

        @Override
        public List<Followed> followed(String hostId) {
            return List.of();
        }

        @Override
        public void offer(String hostId, Followed followed, LogPart part) {
            throw new IllegalStateException("nobody follows");
        }

        @Override
        public void progress(UUID environmentId, String message) {
            progress.add(message);
        }
    }

    private EngineSteps stub(EnvironmentDriver driver) {
        activities.registerActivitiesImplementations(new EngineActivities(
                new Drivers(Map.of(DeploymentMode.SIMULATED, driver)),
                _ -> CREDENTIALS,
                new Kept(),
                new Readiness(SOON)));
        activities.setActivityHeartbeatListener(String.class, heartbeats::add);
        return activities.newActivityStub(
                EngineSteps.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(1))
                        .setHeartbeatTimeout(Duration.ofSeconds(1))
                        .setRetryOptions(
                                RetryOptions.newBuilder().setMaximumAttempts(1).build())
                        .build());
    }

    private DeployStep step(DeploymentMode mode) {
        var spec = new EnvironmentSpec(
                "train",
                EnvironmentType.TERMINAL,
                mode,
                1,
                1L << 30,
                0,
                1L << 30,
                "image",
                Map.of(),
                null,
                null,
                null,
                null,
                0);
        return new DeployStep(id, "alice", spec, List.of(), List.of(new PortBinding(Service.SSH, "127.0.0.1", 22000)));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFailure(Runnable call, String type) {
        return assertThatThrownBy(call::run)
                .isInstanceOf(ActivityFailure.class)
                .cause()
                .isInstanceOfSatisfying(
                        ApplicationFailure.class,
                        failure -> assertThat(failure.getType()).isEqualTo(type));
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new CopyOnWriteArrayList<Throwable>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** An engine that always sees the same. */
    private record Observed(Observation seen) implements EnvironmentDriver {

        @Override
        public void deploy(Deployment deployment, Progress progress) {}

        @Override
        public void stop(UUID id, Duration grace) {}

        @Override
        public void remove(UUID id) {}

        @Override
        public Observation observe(UUID id) {
            return seen;
        }

        @Override
        public Set<UUID> list() {
            return Set.of();
        }
    }

    /** An engine whose deploy pulls an image for ever. */
    private static final class Hanging implements EnvironmentDriver {

        final CountDownLatch began = new CountDownLatch(1);

        @Override
        public void deploy(Deployment deployment, Progress progress) {
            while (true) {
                progress.report("pulling");
                began.countDown();
                Thread.onSpinWait();
            }
        }

        @Override
        public void stop(UUID id, Duration grace) {}

        @Override
        public void remove(UUID id) {}

        @Override
        public Observation observe(UUID id) {
            return Observation.absent();
        }

        @Override
        public Set<UUID> list() {
            return Set.of();
        }
    }
}
