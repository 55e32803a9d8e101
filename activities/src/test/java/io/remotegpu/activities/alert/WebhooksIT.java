package io.remotegpu.activities.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.alert.Alert;
import io.remotegpu.db.alert.AlertRule;
import io.remotegpu.db.alert.AlertState;
import io.remotegpu.db.alert.DeliveryKey;
import io.remotegpu.db.alert.DeliveryTurn;
import io.remotegpu.db.invariants.Severity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is posted to a real HTTP server, and what is never posted. */
class WebhooksIT {

    static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final String ID = "alert-7-firing-1-webhook-1";

    private final Webhooks webhooks = new Webhooks(true, CLOCK);
    private Receiver receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void aSignatureIsWhatStandardWebhooksSayItIs() {
        // The example of their specification's libraries.
        assertThat(Webhooks.signature(
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "1614265330",
                        "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void anAlertIsPostedSignedAndWhole() throws Exception {
        post(receiver.url());

        var heard = receiver.heard().getFirst();
        assertThat(heard.header("webhook-id")).isEqualTo(ID);
        assertThat(heard.header("webhook-timestamp")).isEqualTo("1767323045");
        assertThat(heard.header("webhook-signature"))
                .isEqualTo(Webhooks.signature(SECRET, ID, "1767323045", heard.body()));
        assertThat(heard.header("Content-Type")).isEqualTo("application/json");
        var body = new JsonMapper().readTree(heard.body());
        assertThat(body.get("type").asString()).isEqualTo("alert.firing");
        assertThat(body.get("timestamp").asString()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(body.get("data").get("rule").asString()).isEqualTo("gpu_error");
        assertThat(body.get("data").get("summary").asString()).isEqualTo("GPU 0 is \"broken\"");
        assertThat(body.get("data").get("resolved_at").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 410, 500, 503})
    void whatIsNotTakenHasFailed(int status) {
        receiver.answering(_ -> status);

        assertThatThrownBy(() -> post(receiver.url()))
                .isInstanceOf(DeliveryFailedException.class)
                .hasMessage("it answered " + status + ", not 2xx");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) {
        receiver.answering(_ -> status);

        assertThatThrownBy(() -> post(receiver.url())).hasMessageContaining("redirects are not followed");
        assertThat(receiver.heard()).hasSize(1);
    }

    @Test
    void theMachineItselfIsClosedUnlessASettingOpensIt() {
        var careful = new Webhooks(false, CLOCK);
        var port = receiver.url().replaceAll(".*:(\\d+)/.*", "$1");
        for (var host : new String[] {"127.0.0.1", "localhost", "[::1]", "127.1.2.3", "[::ffff:127.0.0.1]"}) {
            assertThatThrownBy(() -> careful.post(webhook("http://" + host + ":" + port), now(), ID))
                    .as(host)
                    .isInstanceOf(DeliveryFailedException.class)
                    .hasMessageContaining("remotegpu.alerts.loopback");
        }
        assertThat(receiver.heard()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/latest/meta-data", "http://[fe80::1]/", "http://0.0.0.0:1/"})
    void addressesOfAMachinesSecretsAreAlwaysClosed(String url) {
        assertThatThrownBy(() -> post(url)).hasMessageContaining("nothing is posted to");
    }

    @Test
    void whoDoesNotListenOrIsNotThereHasFailedWithAReason() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        assertThatThrownBy(() -> post("http://127.0.0.1:" + closed)).hasMessageStartingWith("no connection");
        assertThatThrownBy(() -> post("http://nobody.invalid")).hasMessage("there is no host nobody.invalid");
    }

    private void post(String url) throws DeliveryFailedException {
        webhooks.post(webhook(url), now(), ID);
    }

    private static DeliveryTurn.Webhook webhook(String url) {
        return new DeliveryTurn.Webhook("ops", url, SECRET);
    }

    static DeliveryTurn.Now now() {
        return turn(AlertState.FIRING, 1, "GPU 0 is \"broken\"");
    }

    static DeliveryTurn.Now turn(AlertState state, int notice, String summary) {
        var began = Instant.parse("2026-01-01T00:00:00Z");
        var alert = new Alert(
                7,
                AlertRule.GPU_ERROR,
                "gpu/1",
                Severity.WARNING,
                null,
                null,
                "h1",
                summary,
                "look",
                began,
                began,
                state == AlertState.RESOLVED ? began.plusSeconds(60) : null,
                null,
                null,
                null,
                1);
        return new DeliveryTurn.Now(new DeliveryKey(7, state, notice, "email"), alert, null, began);
    }
}
