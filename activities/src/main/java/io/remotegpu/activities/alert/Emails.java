package io.remotegpu.activities.alert;

import io.remotegpu.db.alert.AlertState;
import io.remotegpu.db.alert.DeliveryTurn;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Objects;
import java.util.Properties;

/** Mails alerts to all recipients at once, over one SMTP server. */
final class Emails {

    private static final String PATIENCE_MILLIS = "10000";

    private final EmailSettings settings;
    private final Clock clock;

    Emails(EmailSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** @param id always the same of one notice: mail programs show what comes twice once */
    void send(DeliveryTurn.Now now, String id) throws DeliveryFailedException {
        if (!settings.isOn()) {
            throw new DeliveryFailedException("no SMTP server is set any more: see remotegpu.alerts.email.host");
        }
        try {
            var session = Session.getInstance(properties());
            var message = message(session, now, id);
            try (var transport = session.getTransport()) {
                transport.connect(settings.host(), settings.port(), settings.username(), settings.password());
                transport.sendMessage(message, message.getAllRecipients());
            }
        } catch (MessagingException e) {
            throw new DeliveryFailedException(settings.host() + " did not take it: " + e.getMessage());
        }
    }

    private MimeMessage message(Session session, DeliveryTurn.Now now, String id) throws MessagingException {
        var from = new InternetAddress(Objects.requireNonNull(settings.from()), true);
        var message = new WithOwnId(session, "<" + id + "@" + domain(from) + ">");
        message.setFrom(from);
        for (var recipient : settings.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient, true));
        }
        message.setSubject(AlertMessage.subject(now), StandardCharsets.UTF_8.name());
        message.setText(AlertMessage.text(now), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("Auto-Submitted", "auto-generated");
        if (now.key().state() == AlertState.RESOLVED || now.key().notice() > 1) {
            // One thread for one alert.
            var first = "<alert-" + now.key().alertId() + "-firing-1-email@" + domain(from) + ">";
            message.setHeader("In-Reply-To", first);
            message.setHeader("References", first);
        }
        return message;
    }

    private static String domain(InternetAddress from) {
        return from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
    }

    private Properties properties() {
        var protocol = settings.tls() == EmailSettings.Tls.TLS ? "smtps" : "smtp";
        var prefix = "mail." + protocol + ".";
        var properties = new Properties();
        properties.setProperty("mail.transport.protocol", protocol);
        properties.setProperty(prefix + "connectiontimeout", PATIENCE_MILLIS);
        properties.setProperty(prefix + "timeout", PATIENCE_MILLIS);
        properties.setProperty(prefix + "writetimeout", PATIENCE_MILLIS);
        properties.setProperty(prefix + "auth", String.valueOf(settings.username() != null));
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        var starttls = String.valueOf(settings.tls() == EmailSettings.Tls.STARTTLS);
        properties.setProperty(prefix + "starttls.enable", starttls);
        properties.setProperty(prefix + "starttls.required", starttls);
        return properties;
    }

    /** The library would make up another id each time. */
    private static final class WithOwnId extends MimeMessage {

        private final String id;

        WithOwnId(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
