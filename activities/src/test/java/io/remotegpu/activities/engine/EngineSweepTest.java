package io.remotegpu.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.activities.testing.Specs;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.simulated.ScriptedFaults;
import io.remotegpu.drivers.simulated.SimulatedDriver;
import io.remotegpu.drivers.simulated.SimulatedDriverSettings;
import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import io.remotegpu.workflows.host.SweepSteps;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineSweepTest {

    private final TestActivityEnvironment activities = TestActivityEnvironment.newInstance();
    private final Set<UUID> kept = new HashSet<>();
    private int nextPort = 22000;
    private final ScriptedFaults faults = new ScriptedFaults();
    private final SimulatedDriver driver = new SimulatedDriver(SimulatedDriverSettings.defaults(), faults);
    private final SimulatedDriver other = new SimulatedDriver();
    private final Drivers drivers = new Drivers(Map.of(DeploymentMode.SIMULATED, driver, DeploymentMode.DOCKER, other));

    @AfterEach
    void close() {
        activities.close();
    }

    @Test
    void everythingOfEveryEngineIsRemoved() {
        deploy(driver);
        deploy(driver);
        deploy(other);

        assertThat(stub().sweep()).isEqualTo(3);
        assertThat(stub().sweep()).isZero();

        assertThat(driver.list()).isEmpty();
        assertThat(other.list()).isEmpty();
    }

    @Test
    void whatBelongsToAnotherHostOfTheSameEngineStays() {
        deploy(driver);
        kept.addAll(driver.list());
        deploy(driver);

        assertThat(stub().sweep()).isEqualTo(1);

        assertThat(driver.list()).isEqualTo(kept);
    }

    @Test
    void whatCannotBeRemovedIsTriedAgain() {
        deploy(driver);
        faults.failBefore(DriverCall.REMOVE, ErrorKind.ENGINE_UNAVAILABLE, 1);

        assertThatThrownBy(() -> stub().sweep()).isInstanceOf(ActivityFailure.class);
        assertThat(driver.list()).hasSize(1);
        assertThat(stub().sweep()).isEqualTo(1);
    }

    @Test
    void aStepThatIsUnderWayIsWaitedForAndWhatItMadeIsRemoved() throws Exception {
        var turn = drivers.shared();
        var sweep = CompletableFuture.supplyAsync(() -> stub().sweep());

        deploy(driver);
        assertThat(sweep).isNotDone();
        turn.close();

        assertThat(sweep.get(20, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(driver.list()).isEmpty();
    }

    private void deploy(SimulatedDriver driver) {
        driver.deploy(
                new Deployment(
                        UUID.randomUUID(),
                        "alice",
                        Specs.terminal("train", 0),
                        List.of(),
                        List.of(new PortBinding(Service.SSH, "127.0.0.1", nextPort++)),
                        new Credentials(List.of(), null, null)),
                _ -> {});
    }

    @BeforeEach
    void register() {
        activities.registerActivitiesImplementations(new EngineSweep(drivers, null, kept::contains));
    }

    private SweepSteps stub() {
        return activities.newActivityStub(
                SweepSteps.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofMinutes(1))
                        .setHeartbeatTimeout(Duration.ofSeconds(10))
                        .setRetryOptions(
                                RetryOptions.newBuilder().setMaximumAttempts(1).build())
                        .build());
    }
}
