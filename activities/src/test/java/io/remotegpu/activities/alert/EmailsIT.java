package io.remotegpu.activities.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.remotegpu.db.alert.AlertState;
import io.remotegpu.db.invariants.Severity;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a real SMTP server gets. */
class EmailsIT {

    private final GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void listen() {
        server.start();
    }

    @AfterEach
    void close() {
        server.stop();
    }

    @Test
    void anAlertAndItsEndAreMailedToEverybodyAsOneThread() throws Exception {
        var emails = new Emails(settings(EmailSettings.Tls.NONE, null), Clock.systemUTC());

        emails.send(
                WebhooksIT.turn(AlertState.FIRING, 1, "GPU 0 of host h1 ist kaputt: 95 °C"), "alert-7-firing-1-email");
        emails.send(WebhooksIT.turn(AlertState.RESOLVED, 1, "GPU 0 of host h1"), "alert-7-resolved-1-email");

        assertThat(server.getReceivedMessages()).hasSize(4);
        var begin = received("[RemoteGPU] firing: GPU 0 of host h1 ist kaputt: 95 °C");
        assertThat(begin.getHeader("Message-ID")).containsExactly("<alert-7-firing-1-email@gpu.example.com>");
        assertThat(begin.getRecipients(RecipientType.TO)).hasSize(2);
        assertThat((String) begin.getContent()).contains("What to do: look", "gpu_error", "2026-01-01T00:00:00Z");
        var end = received("[RemoteGPU] resolved: GPU 0 of host h1");
        assertThat(end.getHeader("In-Reply-To")).containsExactly("<alert-7-firing-1-email@gpu.example.com>");
        assertThat((String) end.getContent()).contains("This is over since 2026-01-01T00:01:00Z.");
    }

    @Test
    void aSummaryCannotAddAHeader() throws Exception {
        new Emails(settings(EmailSettings.Tls.NONE, null), Clock.systemUTC())
                .send(WebhooksIT.turn(AlertState.FIRING, 1, "broken\r\nBcc: everybody@example.com\r\n\r\nhello"), "x");

        var mail = server.getReceivedMessages()[0];
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(mail.getSubject()).isEqualTo("[RemoteGPU] firing: broken Bcc: everybody@example.com hello");
    }

    @Test
    void itLogsInWhereAUserIsSet() throws Exception {
        server.setUser("gpu@example.com", "gpu", "right");

        new Emails(settings(EmailSettings.Tls.NONE, "right"), Clock.systemUTC()).send(WebhooksIT.now(), "x");

        assertThat(server.getReceivedMessages()).hasSize(2);
        assertThatThrownBy(() -> new Emails(settings(EmailSettings.Tls.NONE, "wrong"), Clock.systemUTC())
                        .send(WebhooksIT.now(), "y"))
                .isInstanceOf(DeliveryFailedException.class)
                .hasMessageContaining("127.0.0.1 did not take it")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void aServerThatCannotEncryptIsToldNothingUnlessASettingSaysSo() {
        assertThatThrownBy(() -> new Emails(settings(EmailSettings.Tls.STARTTLS, null), Clock.systemUTC())
                        .send(WebhooksIT.now(), "x"))
                .isInstanceOf(DeliveryFailedException.class)
                .hasMessageContaining("STARTTLS");
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerWithoutAnybodyToWriteToIsRefusedAtStart() {
        assertThatThrownBy(() -> new EmailSettings(
                        "mail", 25, EmailSettings.Tls.NONE, null, null, "a@b.c", List.of(), Severity.INFO))
                .hasMessageContaining("remotegpu.alerts.email.from and .to");
    }

    /** One of the two recipients' copies. */
    private MimeMessage received(String subject) throws MessagingException {
        for (var mail : server.getReceivedMessages()) {
            if (subject.equals(mail.getSubject())) {
                return mail;
            }
        }
        throw new AssertionError("nobody got: " + subject);
    }

    private EmailSettings settings(EmailSettings.Tls tls, @Nullable String password) {
        return new EmailSettings(
                "127.0.0.1",
                server.getSmtp().getPort(),
                tls,
                password == null ? null : "gpu",
                password,
                "RemoteGPU <alerts@gpu.example.com>",
                List.of("ops@example.com", "Olga <olga@example.com>"),
                Severity.WARNING);
    }
}
