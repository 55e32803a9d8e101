package io.remotegpu.workflows.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EvaluateAlertsTest {

    private static final Notice ONE = new Notice(1, "firing", 1, "webhook/4");
    private static final Notice OTHER = new Notice(1, "firing", 1, "email");

    private final TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    private final List<String> story = new CopyOnWriteArrayList<>();
    private final Rows rows = new Rows();
    private final Targets targets = new Targets();

    @BeforeEach
    void start() {
        var worker = temporal.newWorker(AlertWorkflows.QUEUE);
        worker.registerWorkflowImplementationTypes(AlertWorkflows.implementations());
        worker.registerActivitiesImplementations(rows, targets);
        temporal.start();
    }

    @AfterEach
    void close() {
        temporal.close();
    }

    @Test
    void whereNothingIsToBeToldNothingElseIsDone() throws Exception {
        look();

        assertThat(story).containsExactly("look");
    }

    @Test
    void eachNoticeGetsAWorkflowOfItsOwnBeforeItCountsAsHandedOut() throws Exception {
        rows.due = List.of(ONE, OTHER);

        look();

        assertThat(result(ONE)).isEqualTo("delivered");
        assertThat(result(OTHER)).isEqualTo("delivered");
        assertThat(story).contains("look", "handed out 2", "deliver webhook/4", "deliver email");
    }

    @Test
    void aTargetThatFailsIsToldAgainAndHoldsNobodyUp() throws Exception {
        rows.due = List.of(ONE, OTHER);
        targets.failures = 3;

        look();

        assertThat(result(OTHER)).isEqualTo("delivered");
        assertThat(result(ONE)).isEqualTo("delivered");
        assertThat(story.stream().filter("deliver webhook/4"::equals)).hasSize(4);
    }

    @Test
    void aNoticeThatIsUnderWayIsNotBegunTwice() throws Exception {
        rows.due = List.of(ONE);
        rows.forgets = true;
        targets.failures = 5;

        look();
        look();

        assertThat(result(ONE)).isEqualTo("delivered");
        assertThat(story.stream().filter("deliver webhook/4"::equals)).hasSize(6);
    }

    @Test
    void aNoticesIdSaysWhatItIsAndNeverChanges() {
        assertThat(ONE.id()).isEqualTo("alert-1-firing-1-webhook-4");
        assertThat(new Notice(12, "resolved", 1, "email").id()).isEqualTo("alert-12-resolved-1-email");
    }

    private void look() throws Exception {
        var look = temporal.getWorkflowClient()
                .newWorkflowStub(
                        EvaluateAlerts.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId("look-" + UUID.randomUUID())
                                .setTaskQueue(AlertWorkflows.QUEUE)
                                .build());
        WorkflowClient.execute(look::evaluate).get(60, TimeUnit.SECONDS);
    }

    private String result(Notice notice) throws Exception {
        return WorkflowStub.fromTyped(temporal.getWorkflowClient().newWorkflowStub(DeliverAlert.class, notice.id()))
                .getResult(60, TimeUnit.SECONDS, String.class);
    }

    private final class Rows implements AlertSteps {

        private volatile List<Notice> due = List.of();
        private volatile boolean forgets;

        @Override
        public List<Notice> look() {
            story.add("look");
            return due;
        }

        @Override
        public void handedOut(List<Notice> notices) {
            story.add("handed out " + notices.size());
            if (!forgets) {
                due = List.of();
            }
        }
    }

    private final class Targets implements DeliverySteps {

        private volatile int failures;

        @Override
        public synchronized String deliver(Notice notice) {
            story.add("deliver " + notice.target());
            if (notice.equals(ONE) && failures-- > 0) {
                throw ApplicationFailure.newFailure("it answered 503", "NOT_DELIVERED");
            }
            return "delivered";
        }
    }
}
