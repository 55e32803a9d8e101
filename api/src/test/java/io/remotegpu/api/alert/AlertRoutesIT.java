package io.remotegpu.api.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alerts as people read and acknowledge them, and the targets that an administrator names. */
class AlertRoutesIT extends ApiTest {

    private Client admin;
    private Client ann;

    @BeforeEach
    void threeAlertsOfWhichOneIsAnnsAndOneIsOver() {
        admin = nobody.user("admin");
        ann = nobody.user("ann");
        jdbc.sql("""
                        INSERT INTO alerts (rule, subject, severity, user_id, host_id, summary, remedy, resolved_at, started_at)
                        SELECT 'environment_failed', 'environment/x', 'warning', id, 'h1', 'it failed', 'see', NULL::timestamptz, now()
                            FROM users WHERE username = 'ann'
                        UNION ALL SELECT 'host_silent', 'host/h1', 'critical', NULL, 'h1', 'it is silent', 'see', NULL, now()
                        UNION ALL SELECT 'host_silent', 'host/h2', 'critical', NULL, 'h2', 'it was silent', 'see', now(),
                            now() - interval '1 hour'""").update();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                              | 3 | 1
            ?state=firing                   | 2 | 1
            ?state=resolved                 | 1 | 0
            ?rule=host_silent               | 2 | 0
            ?rule=host_silent&state=firing  | 1 | 0
            ?severity=warning               | 1 | 1
            ?host_id=h1                     | 2 | 1
            ?acknowledged=false             | 3 | 1
            ?acknowledged=true              | 0 | 0
            ?page_size=2&page=2             | 1 | 0
            ?environment_id=00000000-0000-0000-0000-000000000000 | 0 | 0
            """)
    void areFilteredAndEverybodySeesTheirOwn(String query, int forAdmin, int forAnn) {
        assertThat(admin.get("/api/v1/alerts" + query).json().get("items")).hasSize(forAdmin);
        assertThat(ann.get("/api/v1/alerts" + query).json().get("items")).hasSize(forAnn);
    }

    @Test
    void someoneElsesAlertIsNotThereAndOnesOwnSaysNothingOfTargets() {
        var hosts = id("host/h1");
        var own = id("environment/x");

        assertThat(ann.get("/api/v1/alerts/" + hosts).status()).isEqualTo(404);
        var seen = ann.get("/api/v1/alerts/" + own).json();
        assertThat(seen.get("state").asString()).isEqualTo("firing");
        assertThat(seen.get("deliveries").isNull()).isTrue();
        assertThat(admin.get("/api/v1/alerts/" + own).json().get("deliveries")).isEmpty();
    }

    @Test
    void whoTakesCareOfItIsNotedAndWrittenToTheAuditLog() {
        var id = id("host/h1");

        var answer = admin.post("/api/v1/alerts/" + id + "/acknowledge", "{\"comment\":\"on my way\"}");

        assertThat(answer.status()).isEqualTo(200);
        var acknowledgement = answer.json().get("acknowledgement");
        assertThat(acknowledgement.get("by").asString()).isEqualTo("admin");
        assertThat(acknowledgement.get("comment").asString()).isEqualTo("on my way");
        assertThat(admin.get("/api/v1/alerts?state=firing&acknowledged=true")
                        .json()
                        .get("items"))
                .hasSize(1);
        assertThat(admin.post("/api/v1/alerts/" + id + "/acknowledge", "").status())
                .isEqualTo(200);
        eventually(
                () -> count("audit_log WHERE actor = 'admin' AND outcome = 200 AND subject = 'alert/" + id + "'") == 2);
        var over = admin.post("/api/v1/alerts/" + id("host/h2") + "/acknowledge", "{}");
        assertThat(over.status()).isEqualTo(409);
        assertThat(over.code()).isEqualTo("alert_resolved");
    }

    @Test
    void aTargetsSecretIsShownOnceWhereItWasMadeAndNeverOtherwise() {
        var made = admin.post("/api/v1/alert-targets", "{\"name\":\"ops\",\"url\":\"https://example.com/x\"}");
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        assertThat(made.json().get("secret").asString()).matches(Pattern.compile("whsec_[A-Za-z0-9+/]{43}="));
        assertThat(made.json().get("min_severity").asString()).isEqualTo("warning");
        var given = admin.post(
                "/api/v1/alert-targets",
                "{\"name\":\"own\",\"url\":\"http://10.0.0.7:9000\",\"min_severity\":\"info\","
                        + "\"secret\":\"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\"}");
        assertThat(given.json().get("secret").isNull()).isTrue();

        var listed = admin.get("/api/v1/alert-targets");
        assertThat(listed.json().get("items")).hasSize(2);
        assertThat(listed.http().body()).doesNotContain("whsec_");
        var again = admin.post("/api/v1/alert-targets", "{\"name\":\"OPS\",\"url\":\"https://example.com\"}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("target_exists");

        var id = made.json().get("id").asString();
        assertThat(admin.send("DELETE", "/api/v1/alert-targets/" + id, null).status())
                .isEqualTo(204);
        assertThat(admin.send("DELETE", "/api/v1/alert-targets/" + id, null).status())
                .isEqualTo(404);
        eventually(() -> count("audit_log WHERE action = 'POST /api/v1/alert-targets' AND subject = 'alert-target/" + id
                        + "' AND outcome = 201")
                == 1);
    }

    @Test
    void thereAreNoMoreTargetsThanCanBeToldEverything() {
        for (int i = 0; i < 20; i++) {
            admin.post("/api/v1/alert-targets", "{\"name\":\"t%d\",\"url\":\"https://example.com\"}".formatted(i));
        }

        var one = admin.post("/api/v1/alert-targets", "{\"name\":\"more\",\"url\":\"https://example.com\"}");

        assertThat(one.status()).isEqualTo(409);
        assertThat(one.code()).isEqualTo("too_many_targets");
    }

    @Test
    void whatFiresIsCountedByRuleAndSeverity() {
        eventually(() -> metrics().contains("remotegpu_alerts_firing{rule=\"host_silent\",severity=\"critical\"} 1.0"));
        assertThat(metrics()).contains("remotegpu_alerts_firing{rule=\"gpu_error\",severity=\"warning\"} 0.0");
    }

    private String metrics() {
        return admin.get("/actuator/prometheus").http().body();
    }

    private String id(String subject) {
        return jdbc.sql("SELECT id::text FROM alerts WHERE subject = ?")
                .param(subject)
                .query(String.class)
                .single();
    }
}
