package io.remotegpu.activities.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.testing.TemporalServer;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.db.alert.AlertDeliveries;
import io.remotegpu.db.alert.AlertDelivery;
import io.remotegpu.db.alert.AlertEvaluation;
import io.remotegpu.db.alert.AlertFilter;
import io.remotegpu.db.alert.AlertTargets;
import io.remotegpu.db.alert.Alerts;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.invariants.Severity;
import io.remotegpu.workflows.alert.AlertWorkflows;
import io.remotegpu.workflows.alert.EvaluateAlerts;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** From a row that is wrong to somebody who hears of it, on a real Temporal, database, HTTP and SMTP server. */
class AlertsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final EmailSettings NO_EMAIL =
            new EmailSettings(null, 25, EmailSettings.Tls.NONE, null, null, null, List.of(), Severity.WARNING);

    private static TemporalServer temporal;
    private static Installation installation;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private QueueWorker worker;
    private Receiver receiver;

    @BeforeAll
    static void install() throws IOException {
        temporal = TemporalServer.start();
        temporal.registerSearchAttributes();
        installation = Installation.on(temporal);
    }

    @AfterAll
    static void uninstall() {
        if (temporal != null) {
            installation.close();
            temporal.close();
        }
    }

    @BeforeEach
    void aBrokenGpu() throws IOException {
        installation.reset();
        // Ids go on: a workflow of a test before must not pass for one of this.
        installation
                .jdbc()
                .sql("ALTER SEQUENCE alerts_id_seq RESTART WITH " + System.nanoTime())
                .update();
        installation.host("host-1", 1);
        gpu(GpuStatus.ERROR);
        receiver = new Receiver();
        start(settings(Duration.ofHours(1)), NO_EMAIL);
    }

    @AfterEach
    void stop() {
        worker.close();
        receiver.close();
    }

    @Test
    void aWebhookThatFailsTwiceHearsOfItUnderOneIdAndOfItsEndUnderAnother() {
        receiver.answering(request -> request < 2 ? 503 : 200);
        var target = target("ops", receiver.url());

        look();
        await().atMost(PATIENCE).until(() -> outcomes().equals(Set.of("firing delivered")));
        gpu(GpuStatus.AVAILABLE);
        look();
        await().atMost(PATIENCE).until(() -> outcomes().equals(Set.of("firing delivered", "resolved delivered")));

        var heard = receiver.heard();
        assertThat(heard).hasSize(4);
        assertThat(heard.subList(0, 3))
                .extracting(request -> request.header("webhook-id"))
                .containsOnly("alert-" + alertId() + "-firing-1-webhook-" + target);
        assertThat(heard.subList(0, 3))
                .extracting(Receiver.Heard::body)
                .containsOnly(heard.getFirst().body());
        for (var request : heard) {
            assertThat(request.header("webhook-signature"))
                    .isEqualTo(Webhooks.signature(
                            WebhooksIT.SECRET,
                            request.header("webhook-id"),
                            request.header("webhook-timestamp"),
                            request.body()));
        }
        var last = new JsonMapper().readTree(heard.getLast().body());
        assertThat(last.get("type").asString()).isEqualTo("alert.resolved");
        assertThat(last.get("data").get("resolved_at").asString()).isNotBlank();
        assertThat(heard.getLast().header("webhook-id")).contains("-resolved-1-");
        assertThat(meters.counter("remotegpu.alerts.deliveries", "kind", "webhook", "outcome", "failed")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aDeadTargetDelaysNoOtherAndIsGivenUpInTheEnd() throws IOException {
        worker.close();
        start(settings(Duration.ofSeconds(3)), NO_EMAIL);
        int nobody;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        target("dead", "http://127.0.0.1:" + nobody);
        var alive = target("alive", receiver.url());

        look();

        await().atMost(PATIENCE).until(() -> receiver.heard().size() == 1);
        await().atMost(PATIENCE).until(() -> outcomes().equals(Set.of("firing delivered", "firing given_up")));
        assertThat(deliveries()).anySatisfy(delivery -> {
            assertThat(delivery.outcome()).isEqualTo("given_up");
            assertThat(delivery.lastError()).startsWith("no connection");
        });
        assertThat(installation
                        .bean(AlertTargets.class)
                        .find(alive)
                        .orElseThrow()
                        .failures())
                .isZero();
        await().atMost(PATIENCE)
                .until(() -> meters.counter("remotegpu.alerts.deliveries", "kind", "webhook", "outcome", "given_up")
                                .count()
                        == 1);
    }

    @Test
    void whatWasToBeToldWhenTheWorkerDiedIsToldByTheNextOne() {
        receiver.answering(_ -> 500);
        target("ops", receiver.url());
        look();
        await().atMost(PATIENCE).until(() -> !receiver.heard().isEmpty());
        worker.close();
        receiver.answering(_ -> 200);

        start(settings(Duration.ofHours(1)), NO_EMAIL);

        await().atMost(PATIENCE).until(() -> outcomes().equals(Set.of("firing delivered")));
        assertThat(receiver.heard())
                .extracting(request -> request.header("webhook-id"))
                .containsOnly("alert-" + alertId() + "-firing-1-webhook-" + receiverTarget());
    }

    @Test
    void lookedAtAgainAndAgainItIsToldOnce() {
        target("ops", receiver.url());
        look();
        look();
        look();
        await().atMost(PATIENCE).until(() -> outcomes().equals(Set.of("firing delivered")));
        look();

        assertThat(receiver.heard()).hasSize(1);
        assertThat(deliveries()).hasSize(1);
    }

    @Test
    void peopleAreMailedToo() throws Exception {
        var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        try {
            worker.close();
            start(
                    settings(Duration.ofHours(1)),
                    new EmailSettings(
                            "127.0.0.1",
                            mail.getSmtp().getPort(),
                            EmailSettings.Tls.NONE,
                            null,
                            null,
                            "alerts@example.com",
                            List.of("ops@example.com"),
                            Severity.WARNING));
            look();
            await().atMost(PATIENCE).until(() -> mail.getReceivedMessages().length == 1);
            gpu(GpuStatus.AVAILABLE);
            look();
            await().atMost(PATIENCE).until(() -> mail.getReceivedMessages().length == 2);

            assertThat(mail.getReceivedMessages()[0].getSubject()).contains("firing", "GPU 0", "broken");
            assertThat(mail.getReceivedMessages()[1].getSubject()).contains("resolved");
        } finally {
            mail.stop();
        }
    }

    private void start(AlertSettings settings, EmailSettings email) {
        worker = AlertConfiguration.worker(
                installation.client(),
                installation.bean(AlertEvaluation.class),
                installation.bean(AlertDeliveries.class),
                settings,
                email,
                meters);
        worker.start();
    }

    private static AlertSettings settings(Duration giveUp) {
        return new AlertSettings(
                Duration.ofSeconds(15),
                Set.of(),
                Duration.ZERO,
                90,
                90,
                Duration.ofHours(1),
                90,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofDays(90),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                giveUp,
                true);
    }

    private static void look() {
        installation
                .client()
                .newWorkflowStub(
                        EvaluateAlerts.class,
                        WorkflowOptions.newBuilder()
                                .setWorkflowId("look-" + UUID.randomUUID())
                                .setTaskQueue(AlertWorkflows.QUEUE)
                                .build())
                .evaluate();
    }

    private static void gpu(GpuStatus status) {
        var id =
                installation.jdbc().sql("SELECT id FROM gpus").query(Long.class).single();
        installation.bean(Gpus.class).setStatus(id, status, status == GpuStatus.ERROR ? "broken" : null);
    }

    private static long target(String name, String url) {
        return installation
                .bean(AlertTargets.class)
                .add(name, url, WebhooksIT.SECRET, Severity.WARNING, installation.user())
                .orElseThrow()
                .id();
    }

    private static long receiverTarget() {
        return installation.bean(AlertTargets.class).all().getFirst().id();
    }

    private static long alertId() {
        return installation
                .bean(Alerts.class)
                .search(AlertFilter.visibleTo(null), 0, 1)
                .getFirst()
                .id();
    }

    private static List<AlertDelivery> deliveries() {
        return installation.bean(AlertDeliveries.class).of(alertId());
    }

    private static Set<String> outcomes() {
        return deliveries().stream()
                .map(delivery -> delivery.key().state().wireName() + " " + delivery.outcome())
                .collect(Collectors.toSet());
    }
}
