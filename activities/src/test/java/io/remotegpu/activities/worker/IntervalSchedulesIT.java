package io.remotegpu.activities.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.activities.testing.TemporalServer;
import io.remotegpu.workflows.host.SyncNodes;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionExecutionStartWorkflow;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleHandle;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a schedule that is there already: on a real Temporal server, for the in-process one has none. */
class IntervalSchedulesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Paces at which nothing begins by itself while the test runs. */
    private static final Duration DECADE = Duration.ofDays(3650);

    private static final Duration CENTURY = Duration.ofDays(36500);

    private static TemporalServer server;
    private static WorkflowClient client;

    /** The schedule that the test is about. */
    private final String id = "schedule-" + UUID.randomUUID();

    @BeforeAll
    static void startServer() throws IOException {
        server = TemporalServer.start();
        client = server.client();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            client.getWorkflowServiceStubs().shutdownNow();
            server.close();
        }
    }

    @Test
    void oneThatIsThereTakesTheNewPaceWorkflowQueueAndCatchUp() {
        ensure(DECADE, Reconcile.class, "old", false);
        IntervalSchedules.ensure(
                client,
                id,
                IntervalSchedules.every(CENTURY, id, SyncNodes.class, "new", Duration.ofMinutes(2), "lab"),
                false);

        var schedule = schedule();
        assertThat(schedule.getSpec().getIntervals())
                .singleElement()
                .satisfies(interval -> assertThat(interval.getEvery()).isEqualTo(CENTURY));
        assertThat(schedule.getPolicy().getCatchupWindow()).isEqualTo(Duration.ofMinutes(2));
        var action = (ScheduleActionStartWorkflow) schedule.getAction();
        assertThat(action.getWorkflowType()).isEqualTo("SyncNodes");
        assertThat(action.getOptions().getTaskQueue()).isEqualTo("new");
        assertThat(action.getArguments().get(0, String.class)).isEqualTo("lab");
    }

    @Test
    void thePauseOfAnOperatorStaysWithItsNote() {
        ensure(DECADE, Reconcile.class, "queue", false);
        handle().pause("while the cluster is rebuilt");

        ensure(CENTURY, Reconcile.class, "queue", true);

        var state = schedule().getState();
        assertThat(state.isPaused()).isTrue();
        assertThat(state.getNote()).isEqualTo("while the cluster is rebuilt");
        assertThat(schedule().getSpec().getIntervals())
                .singleElement()
                .satisfies(interval -> assertThat(interval.getEvery()).isEqualTo(CENTURY));
        assertThat(runs()).isZero();
    }

    @Test
    void oneThatAnOperatorLetGoOnGoesOn() {
        ensure(DECADE, Reconcile.class, "queue", false);
        handle().pause("for a while");
        handle().unpause("again");
        ensure(CENTURY, Reconcile.class, "queue", false);

        assertThat(schedule().getState().isPaused()).isFalse();
    }

    @Test
    void itBeginsAtOnceWhereThatIsAskedForWhetherItIsNewOrNot() {
        ensure(DECADE, Reconcile.class, "queue", true);
        await().atMost(PATIENCE).until(() -> runs() == 1);
        // The next one is skipped while one runs.
        var run = (ScheduleActionExecutionStartWorkflow)
                handle().describe().getInfo().getRecentActions().getFirst().getAction();
        client.newUntypedWorkflowStub(run.getWorkflowId()).terminate("done");
        await().atMost(PATIENCE)
                .until(() -> handle().describe().getInfo().getRunningActions().isEmpty());

        ensure(DECADE, Reconcile.class, "queue", true);
        await().atMost(PATIENCE).until(() -> runs() == 2);
    }

    @Test
    void itDoesNotBeginAtOnceWhereThatIsNotAskedFor() {
        ensure(DECADE, Reconcile.class, "queue", false);
        ensure(DECADE, Reconcile.class, "queue", false);

        assertThat(runs()).isZero();
    }

    private void ensure(Duration every, Class<?> workflow, String queue, boolean now) {
        IntervalSchedules.ensure(
                client, id, IntervalSchedules.every(every, id, workflow, queue, Duration.ofMinutes(1)), now);
    }

    private ScheduleHandle handle() {
        return ScheduleClient.newInstance(client.getWorkflowServiceStubs()).getHandle(id);
    }

    private Schedule schedule() {
        return handle().describe().getSchedule();
    }

    private long runs() {
        return handle().describe().getInfo().getNumActions();
    }
}
