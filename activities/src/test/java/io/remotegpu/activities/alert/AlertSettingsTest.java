package io.remotegpu.activities.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.alert.AlertRule;
import io.remotegpu.db.invariants.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AlertSettingsTest {

    @Test
    void theDefaultsAreThese() {
        assertThat(bound(Map.of()))
                .isEqualTo(new AlertSettings(
                        Duration.ofSeconds(15),
                        Set.of(),
                        Duration.ofMinutes(1),
                        90,
                        90,
                        Duration.ofHours(1),
                        90,
                        Duration.ofMinutes(1),
                        Duration.ofHours(4),
                        Duration.ofDays(90),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(15),
                        Duration.ofHours(24),
                        false));
        assertThat(email(Map.of()).isOn()).isFalse();
        assertThat(bound(Map.of()).thresholds(email(Map.of())).on()).containsExactlyInAnyOrder(AlertRule.values());
        assertThat(bound(Map.of()).thresholds(email(Map.of())).email()).isNull();
    }

    @Test
    void rulesAreSwitchedOffByTheirNames() {
        var settings = bound(Map.of("remotegpu.alerts.off", "disk_full,quota_nearly_used"));

        assertThat(settings.off()).containsExactlyInAnyOrder(AlertRule.DISK_FULL, AlertRule.QUOTA_NEARLY_USED);
        assertThat(settings.thresholds(email(Map.of())).on()).hasSize(AlertRule.values().length - 2);
    }

    @Test
    void mailIsSetWithAHostASenderAndRecipients() {
        var email = email(Map.of(
                "remotegpu.alerts.email.host", "smtp.example.com",
                "remotegpu.alerts.email.from", "gpu@example.com",
                "remotegpu.alerts.email.to", "a@example.com,b@example.com",
                "remotegpu.alerts.email.tls", "tls",
                "remotegpu.alerts.email.password", "secret-word",
                "remotegpu.alerts.email.min-severity", "critical"));

        assertThat(email.isOn()).isTrue();
        assertThat(email.port()).isEqualTo(587);
        assertThat(email.tls()).isEqualTo(EmailSettings.Tls.TLS);
        assertThat(email.to()).isEqualTo(List.of("a@example.com", "b@example.com"));
        assertThat(email.toString()).doesNotContain("secret-word");
        assertThat(bound(Map.of()).thresholds(email).email()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void whatCannotBeIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> bound(Map.of("remotegpu.alerts.every", "0s")))
                .hasStackTraceContaining("remotegpu.alerts.every is PT0S: give at least PT1S");
        assertThatThrownBy(() -> bound(Map.of("remotegpu.alerts.quota-percent", "101")))
                .hasStackTraceContaining("remotegpu.alerts.quota-percent is 101: give 1 to 100");
        assertThatThrownBy(() -> bound(Map.of("remotegpu.alerts.retry-longest", "1s")))
                .hasStackTraceContaining("remotegpu.alerts.retry-longest is PT1S: give at least PT5S");
        assertThatThrownBy(() -> email(Map.of("remotegpu.alerts.email.host", "smtp.example.com")))
                .hasStackTraceContaining("set remotegpu.alerts.email.from and .to");
    }

    private static AlertSettings bound(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("remotegpu.alerts", AlertSettings.class);
    }

    private static EmailSettings email(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("remotegpu.alerts.email", EmailSettings.class);
    }
}
