package io.remotegpu.api.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.db.invariants.Severity;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.NewFinding;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reconciler found, as an administrator reads it. */
class ReconcilerRoutesIT extends ApiTest {

    private final UUID environment = UUID.randomUUID();
    private Client admin;

    @BeforeEach
    void threeFindingsOfWhichOneIsHealed() {
        admin = nobody.user("admin");
        var findings = Shared.SERVER.bean(Findings.class);
        var now = findings.now();
        var healed = findings.see(
                new NewFinding(
                        "ended", "environment/x", Severity.WARNING, environment, "h1", "it ended", "it is healed"),
                now,
                Duration.ZERO);
        findings.healed(healed.id(), "given back");
        findings.see(
                new NewFinding(
                        "used_is_the_sum", "host/h1", Severity.CRITICAL, null, "h1", "it does not add up", "see"),
                now,
                Duration.ZERO);
        findings.see(
                new NewFinding("engine_unseen", "host/h2", Severity.INFO, null, "h2", "silent", "see"),
                now,
                Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                   | 3
            ?state=open                          | 2
            ?state=closed                        | 1
            ?severity=critical                   | 1
            ?check=ended                         | 1
            ?host_id=h1                          | 2
            ?host_id=h1&state=open               | 1
            ?page_size=2&page=2                  | 1
            ?environment_id=00000000-0000-0000-0000-000000000000 | 0
            """)
    void areFiltered(String query, int count) {
        assertThat(admin.get("/api/v1/reconciler/findings" + query).json().get("items"))
                .hasSize(count);
    }

    @Test
    void sayWhatWasFoundAndWhatWasDone() {
        var page = admin.get("/api/v1/reconciler/findings?environment_id=" + environment)
                .json();
        assertThat(page.get("total").asInt()).isEqualTo(1);
        var finding = page.get("items").get(0);
        assertThat(finding.get("check").asString()).isEqualTo("ended");
        assertThat(finding.get("severity").asString()).isEqualTo("warning");
        assertThat(finding.get("found").asString()).isEqualTo("it ended");
        assertThat(finding.get("healing").asString()).isEqualTo("given back");
        assertThat(finding.get("outcome").asString()).isEqualTo("healed");
        assertThat(finding.get("times_seen").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            state=wrong          | state
            state=               | state
            severity=bad         | severity
            severity=WARNING     | severity
            environment_id=x     | environment_id
            """)
    void aFilterThatIsNoneIsNamed(String query, String field) {
        var answer = admin.get("/api/v1/reconciler/findings?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_parameter");
        assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo(field);
    }

    @Test
    void aPassThatIsAskedForTwiceIsOne() {
        var first = admin.post("/api/v1/reconciler/run", null);
        var second = admin.post("/api/v1/reconciler/run", null);

        assertThat(first.status()).isEqualTo(202);
        assertThat(second.json().get("run_id")).isEqualTo(first.json().get("run_id"));
    }
}
