package io.remotegpu.activities.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.AllSteps;
import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.Rows;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.AdmissionSteps;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.DeployStep;
import io.remotegpu.workflows.environment.EngineSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.FailureReason;
import io.remotegpu.workflows.environment.Intervention;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.temporal.testing.TestActivityEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StepTwiceIT extends InstallationTest {

    private static final String CREATE = "run-of-create";
    private static final String STOP = "run-of-stop";
    private static final String START = "run-of-start";
    private static final EnvironmentSpec SPEC = Specs.of("desk", EnvironmentType.DESKTOP, 2);

    private final TestActivityEnvironment activities = TestActivityEnvironment.newInstance();
    private final AdmissionSteps admissions = installation.bean(AdmissionSteps.class);
    private final EnvironmentRecords records = installation.bean(EnvironmentRecords.class);
    private final QuotaSteps quota = installation.bean(QuotaSteps.class);
    private final AllocationSteps allocations = installation.bean(AllocationSteps.class);
    private final PortSteps ports = installation.bean(PortSteps.class);
    private final EngineSteps engine = activities.newActivityStub(EngineSteps.class);

    /** What comes before a step, and the step. */
    private record Case(Runnable before, Runnable step) {}

    private final Map<String, Case> cases = Map.ofEntries(
            Map.entry("Admission_create", new Case(() -> {}, this::placed)),
            Map.entry("Records_withdraw", new Case(this::placed, () -> records.withdraw(CREATE, id))),
            Map.entry("Records_begin", new Case(this::up, this::beginStop)),
            Map.entry("Records_abandonStart", new Case(this::starting, () -> records.abandonStart(START, id))),
            Map.entry("Records_enter", new Case(this::placed, () -> records.enter(CREATE, id, "another step"))),
            Map.entry("Records_succeed", new Case(this::deployed, this::succeed)),
            Map.entry("Records_fail", new Case(this::deployed, this::fail)),
            Map.entry("Records_settle", new Case(this::failed, () -> records.settle(CREATE, id))),
            Map.entry("Quota_reserveCompute", new Case(this::starting, () -> quota.reserveCompute(id))),
            Map.entry("Quota_releaseCompute", new Case(this::up, () -> quota.releaseCompute(id))),
            Map.entry("Quota_release", new Case(this::placed, () -> quota.release(id))),
            Map.entry("Allocation_allocate", new Case(this::leaving, () -> allocations.allocate(id, Set.of()))),
            Map.entry("Allocation_queue", new Case(this::full, this::queue)),
            Map.entry("Allocation_turn", new Case(this::called, () -> allocations.turn(CREATE, id))),
            Map.entry("Allocation_leaveQueue", new Case(this::queued, () -> allocations.leaveQueue(CREATE, id))),
            Map.entry("Records_abandonWait", new Case(this::starting, this::abandonWait)),
            Map.entry("Records_giveUp", new Case(this::starting, this::giveUp)),
            Map.entry("Records_intervene", new Case(this::up, this::intervene)),
            Map.entry("Allocation_release", new Case(this::placed, () -> allocations.release(id))),
            Map.entry("Ports_lease", new Case(this::portless, () -> ports.lease(id))),
            Map.entry("Ports_setAside", new Case(this::placed, () -> ports.setAside(id, 22001))),
            Map.entry("Ports_release", new Case(this::placed, () -> ports.release(id))),
            Map.entry("Engine_deploy", new Case(this::placed, this::deploy)),
            Map.entry("Engine_stop", new Case(this::up, this::stop)),
            Map.entry("Engine_remove", new Case(this::up, () -> engine.remove(id, DeploymentMode.SIMULATED))),
            Map.entry("Engine_captureLog", new Case(this::up, () -> engine.captureLog(id, DeploymentMode.SIMULATED))));

    @BeforeEach
    void oneHost() {
        installation.host(HOST, 4);
        activities.registerActivitiesImplementations(installation.engineSteps(HOST));
    }

    @AfterEach
    void closeActivities() {
        activities.close();
    }

    static Set<String> steps() {
        return AllSteps.names();
    }

    @ParameterizedTest
    @MethodSource("steps")
    void calledAgainAStepChangesNothingMore(String step) {
        assertThat(cases).as("write a case for every step").containsKey(step);
        var tried = Objects.requireNonNull(cases.get(step));
        tried.before().run();
        var before = now();

        tried.step().run();
        var once = now();
        tried.step().run();

        assertThat(once).as("what it does").isNotEqualTo(before);
        assertThat(now()).isEqualTo(once);
    }

    private record Everything(Rows rows, Map<String, Map<UUID, String>> engines) {}

    private static Everything now() {
        return new Everything(Rows.exactly(installation.jdbc()), installation.engines());
    }

    private void placed() {
        admissions.create(
                CREATE, new CreateRequest(id, installation.user(), "alice", SPEC, null, Duration.ofHours(1)), "deploy");
    }

    private void portless() {
        placed();
        ports.release(id);
    }

    private void leaving() {
        portless();
        allocations.release(id);
    }

    private void full() {
        installation.jdbc().sql("UPDATE hosts SET total_cpu = 0").update();
        placed();
    }

    private void queue() {
        allocations.queue(CREATE, id, Duration.ofHours(1));
    }

    private void queued() {
        full();
        queue();
    }

    private void called() {
        queued();
        installation.jdbc().sql("UPDATE hosts SET total_cpu = 64").update();
    }

    private void abandonWait() {
        quota.releaseCompute(id);
        records.abandonWait(START, id, new FailureReason("wait_timeout", "no room in time"));
    }

    private void giveUp() {
        records.giveUp(START, id, new FailureReason("aborted", "aborted by bob"), List.of("host and GPUs", "quota"));
    }

    private void intervene() {
        records.intervene(
                CREATE, id, new Intervention("key", Intervention.Kind.RETRY, "deploy", HOST, "bob", "it hangs"));
    }

    private void deploy() {
        var placement = allocations.allocate(id, Set.of());
        engine.deploy(new DeployStep(id, "alice", SPEC, placement.gpus(), ports.lease(id)));
    }

    private void deployed() {
        placed();
        deploy();
    }

    private void succeed() {
        records.succeed(CREATE, id, EnvironmentStatus.RUNNING);
    }

    private void up() {
        deployed();
        succeed();
    }

    private void fail() {
        records.fail(CREATE, id, new FailureReason("invalid_spec", "no"), List.of("ports", "quota"));
    }

    private void failed() {
        deployed();
        fail();
    }

    private void beginStop() {
        records.begin(STOP, OperationKind.STOP, new OperationRequest(id, "alice"));
    }

    private void stop() {
        engine.stop(id, DeploymentMode.SIMULATED, Duration.ofSeconds(1));
    }

    private void starting() {
        up();
        beginStop();
        stop();
        allocations.release(id);
        quota.releaseCompute(id);
        records.succeed(STOP, id, EnvironmentStatus.STOPPED);
        records.begin(START, OperationKind.START, new OperationRequest(id, "alice"));
    }
}
