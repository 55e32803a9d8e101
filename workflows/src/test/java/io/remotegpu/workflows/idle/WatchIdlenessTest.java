package io.remotegpu.workflows.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.workflows.TaskQueues;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchIdlenessTest {

    private static final Instant PASS = Instant.parse("2026-11-23T10:00:00Z");
    private static final UUID HERE = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final UUID AWAY = UUID.fromString("00000000-0000-0000-0000-000000000002");

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private final Map<UUID, Seen> concluded = new ConcurrentHashMap<>();

    @BeforeEach
    void start() {
        var worker = temporal.newWorker(IdleWorkflows.QUEUE);
        worker.registerWorkflowImplementationTypes(IdleWorkflows.implementations());
        worker.registerActivitiesImplementations(new Rows());
        temporal.newWorker(TaskQueues.ofHost("here")).registerActivitiesImplementations((ActivitySampling) targets ->
                targets.stream()
                        .map(target -> Seen.of(target.id(), new Activity(2, 7L, null, null)))
                        .toList());
        temporal.start();
    }

    @AfterEach
    void close() {
        temporal.close();
    }

    @Test
    void whatAHostSeesIsConcludedFromAndOfOneThatIsAwayNothingIsKnown() {
        temporal.getWorkflowClient()
                .newWorkflowStub(
                        WatchIdleness.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId(IdleWorkflows.SCHEDULE)
                                .setTaskQueue(IdleWorkflows.QUEUE)
                                .setWorkflowTaskTimeout(Duration.ofSeconds(10))
                                .build())
                .watch();

        assertThat(concluded.get(HERE)).isEqualTo(Seen.of(HERE, new Activity(2, 7L, null, null)));
        assertThat(concluded.get(AWAY).activity()).isEqualTo(Activity.unknown());
        assertThat(concluded.get(AWAY).trouble())
                .isEqualTo("host away: the host did not take the step up in time; is its agent running?");
    }

    private final class Rows implements IdleSteps {

        @Override
        public Look begin() {
            return new Look(
                    PASS,
                    List.of(
                            new Look.OnHost("here", List.of(new Look.Target(HERE, DeploymentMode.DOCKER))),
                            new Look.OnHost("away", List.of(new Look.Target(AWAY, DeploymentMode.DOCKER)))));
        }

        @Override
        public List<String> conclude(Instant pass, List<Seen> seen) {
            assertThat(pass).isEqualTo(PASS);
            seen.forEach(one -> concluded.put(one.id(), one));
            return List.of("stopping nothing");
        }
    }
}
