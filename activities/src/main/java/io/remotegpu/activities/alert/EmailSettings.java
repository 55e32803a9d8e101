package io.remotegpu.activities.alert;

import io.remotegpu.db.invariants.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How alerts are mailed; not at all without a host.
 *
 * @param host of the SMTP server
 * @param tls {@code starttls}, {@code tls} from the first byte on, or {@code none}
 * @param username with which to log in there, if at all
 * @param from who writes
 * @param to who is written to
 * @param minSeverity from which severity on
 */
@ConfigurationProperties("remotegpu.alerts.email")
public record EmailSettings(
        @Nullable String host,
        @DefaultValue("587") int port,
        @DefaultValue("starttls") Tls tls,
        @Nullable String username,
        @Nullable String password,
        @Nullable String from,
        @DefaultValue({}) List<String> to,
        @DefaultValue("warning") Severity minSeverity) {

    /** How the connection is kept secret. */
    public enum Tls {
        STARTTLS,
        TLS,
        NONE
    }

    public EmailSettings {
        to = List.copyOf(to);
        host = host == null || host.isBlank() ? null : host;
        username = username == null || username.isBlank() ? null : username;
        if (host != null && (to.isEmpty() || from == null || from.isBlank())) {
            throw new IllegalArgumentException("remotegpu.alerts.email.host is " + host
                    + ", but nobody would write, or be written to: set remotegpu.alerts.email.from and .to");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "remotegpu.alerts.email.port is " + port + ": give 1 to 65535, 587 or 465 usually");
        }
    }

    boolean isOn() {
        return host != null;
    }

    @Override
    public String toString() {
        return "EmailSettings[" + host + ":" + port + ", to " + to + "]";
    }
}
