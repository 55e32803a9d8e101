package io.remotegpu.db.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.host.DrainedEnvironments;
import io.remotegpu.db.host.GpuReport;
import io.remotegpu.db.host.HostWatch;
import io.remotegpu.db.invariants.Severity;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.NewFinding;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;

/** What is written down cannot be taken back, and what the system does by itself is written down. */
class AuditLogIT extends DatabaseTest {

    private static final AuditFilter ALL = new AuditFilter(null, null, null, null, null, null, null, null);

    @Autowired
    private AuditLog log;

    @Autowired
    private HostWatch watch;

    @Autowired
    private HostLosses losses;

    @Autowired
    private Findings findings;

    @Autowired
    private CapacityQueue queue;

    @Autowired
    private DrainedEnvironments drained;

    private long ann;

    @BeforeEach
    void aUserAndAHost() {
        ann = user("ann");
        host("h1", 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_log SET actor = 'nobody'",
                "UPDATE audit_log SET detail = NULL",
                "DELETE FROM audit_log",
                "TRUNCATE audit_log",
                "TRUNCATE audit_log CASCADE",
                "MERGE INTO audit_log a USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
                "INSERT INTO audit_log (actor, action) VALUES ('ann', 'without an outcome, and nobody did it')",
                "INSERT INTO audit_log (actor, action, outcome, origin) VALUES ('ann', 'a', 200, 'automatic')",
                "INSERT INTO audit_log (actor, action, outcome, origin) VALUES ('ann', 'a', 200, 'somewhere')"
            })
    void nothingButAnotherEntryIsTaken(String statement) {
        log.answered("ann", "10.0.0.1", "POST /api/v1/gpus", "gpu/1", 201, null, "r-1");

        assertThatThrownBy(() -> jdbc.sql(statement).update()).isInstanceOf(DataIntegrityViolationException.class);
        assertThat(log.search(ALL, 0, 10)).hasSize(1);
    }

    @Test
    void onlyWhatIsOldIsForgottenAndThatIsWrittenDown() {
        for (var age : List.of("400 days", "100 days", "10 days", "0 days")) {
            jdbc.sql(
                            "INSERT INTO audit_log (actor, action, outcome, at) VALUES ('ann', ?, 200, now() - CAST(? AS interval))")
                    .params(age, age)
                    .update();
        }

        assertThat(forget("now() - interval '365 days'")).isEqualTo(1);
        // Whatever is asked for, a month is kept.
        assertThat(forget("now() + interval '1 day'")).isEqualTo(1);

        assertThat(log.search(ALL, 0, 10))
                .extracting(AuditEntry::action)
                .containsExactly("audit forgotten", "audit forgotten", "0 days", "10 days");
        assertThat(log.search(ALL, 0, 1).getFirst().actor()).isEqualTo("olga");
        assertThatThrownBy(() -> jdbc.sql("DELETE FROM audit_log WHERE action = '10 days'")
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    private long forget(String before) {
        return jdbc.sql("SELECT forget_audit_log(" + before + ", 'olga')")
                .query(Long.class)
                .single();
    }

    @Test
    void whatTheHostWatchDoesIsThereOnceAndSoIsItsEnd() {
        jdbc.sql(
                        "UPDATE hosts SET last_heartbeat = now() - interval '1 hour', status_since = now() - interval '1 hour'")
                .update();
        watch.quarantineSilent(Duration.ofSeconds(40));
        jdbc.sql("UPDATE host_watch SET hearing_since = now() - interval '1 hour', looked_at = now()")
                .update();
        watch.quarantineSilent(Duration.ofSeconds(40));
        watch.quarantineSilent(Duration.ofSeconds(40));
        var capacity = new Capacity(64, 512 * GIB, Set.of(DeploymentMode.DOCKER), Map.of(), List.of());
        hosts.heartbeat("h1", capacity);
        hosts.heartbeat("h1", capacity);

        assertThat(automatic()).containsExactly("host-watch host quarantined host/h1", "host:h1 host active host/h1");
    }

    @Test
    void aGpuThatGoesIntoErrorIsThereAndOneThatStaysInItIsNot() {
        var broken = new Capacity(
                64,
                512 * GIB,
                Set.of(DeploymentMode.DOCKER),
                Map.of(),
                List.of(new GpuReport(0, "GPU-h1-0", H100, 80 * GIB, "XID 79", 0)));
        hosts.heartbeat("h1", broken);
        hosts.heartbeat("h1", broken);

        assertThat(automatic()).singleElement().asString().startsWith("host:h1 GPU in error gpu/");
    }

    @Test
    void whatIsLostWithAHostAndRepairedAndStoppedIsThere() {
        var id = running(ann, Specs.terminal("runs", 1));
        hosts.lost("h1");
        losses.settle("h1");
        twice(() -> losses.settle("h1"));
        losses.swept("h1", 0);
        var seen = findings.see(
                new NewFinding("ended", "environment/" + id + " on h1", Severity.WARNING, id, "h1", "it ended", "r"),
                findings.now(),
                Duration.ZERO);
        twice(() -> findings.healed(seen.id(), "given back"));
        drained.stopping(new DrainedEnvironments.Drained(id, "runs", "ann", DeploymentMode.DOCKER, "h1"));

        assertThat(automatic())
                .containsExactly(
                        "host-watch environment failed environment/" + id,
                        "host-watch host swept host/h1",
                        "reconciler repair of ended environment/" + id,
                        "host-watch environment stopped environment/" + id);
    }

    @Test
    void aPlaceThatTheQueueGivesIsThereAndOneThatARequestTakesIsNot() {
        var first = running(ann, Specs.terminal("first", 1));
        var waits = created(ann, Specs.terminal("waits", 1));
        reservations.reserve(waits);
        queue.join(waits, "create-" + waits, Duration.ofHours(1));
        assertThat(automatic()).isEmpty();

        allocations.release(first);
        queue.dispatch();
        queue.dispatch();

        assertThat(automatic()).containsExactly("queue place given environment/" + waits);
    }

    @Test
    void anOperationThatFailsIsThereByItsCodeAlone() {
        var id = created(ann, Specs.terminal("fails", 0));
        twice(() -> lifecycle.fail(id, "create-" + id, "image_not_found", "token=hunter2", List.of("all")));

        assertThat(automatic()).containsExactly("workflow create failed environment/" + id);
        assertThat(log.search(ALL, 0, 1).getFirst().detail()).isEqualTo("image_not_found");
    }

    @Test
    void isFilteredByEverythingThatItHas() {
        log.answered("ann", "10.0.0.1", "POST /api/v1/hosts", "host/h1", 201, null, "r-1");
        log.answered("bob", "10.0.0.1", "POST /api/v1/hosts", "host/h/2", 409, "host_exists", "r-2");
        log.answered("ann", "10.0.0.1", "POST /api/v1/environments", "environment", 202, null, "r-3");
        log.answered("ann", "10.0.0.1", "DELETE /api/v1/gpus/{id}", null, 503, null, "r-4");

        assertThat(log.count(ALL)).isEqualTo(4);
        assertThat(found(new AuditFilter("ann", null, null, null, null, null, null, null)))
                .containsExactly("r-4", "r-3", "r-1");
        assertThat(found(new AuditFilter(null, "/HOSTS", null, null, null, null, null, null)))
                .containsExactly("r-2", "r-1");
        assertThat(found(new AuditFilter(null, null, "host", "h/2", null, null, null, null)))
                .containsExactly("r-2");
        assertThat(found(new AuditFilter(null, null, "environment", null, null, null, null, null)))
                .containsExactly("r-3");
        for (var outcome : AuditOutcome.values()) {
            assertThat(found(new AuditFilter(null, null, null, null, outcome, AuditOrigin.API, null, null)))
                    .as(outcome.wireName())
                    .hasSize(1);
        }
        assertThat(found(new AuditFilter(null, null, null, null, null, AuditOrigin.AUTOMATIC, null, null)))
                .isEmpty();
        var third = log.search(ALL, 1, 1).getFirst();
        assertThat(found(new AuditFilter(null, null, null, null, null, null, third.at(), null)))
                .contains("r-3")
                .doesNotContain("r-1");
        assertThat(found(new AuditFilter(null, null, null, null, null, null, null, third.at())))
                .doesNotContain("r-3", "r-4");
        assertThat(log.before(ALL, third.id(), 1))
                .extracting(AuditEntry::requestId)
                .containsExactly("r-2");
    }

    private List<String> found(AuditFilter filter) {
        assertThat(log.count(filter)).isEqualTo(log.search(filter, 0, 100).size());
        return log.search(filter, 0, 100).stream()
                .map(AuditEntry::requestId)
                .map(String::valueOf)
                .toList();
    }

    private List<String> automatic() {
        return jdbc.sql(
                        "SELECT actor || ' ' || action || ' ' || subject FROM audit_log WHERE origin = 'automatic' ORDER BY id")
                .query(String.class)
                .list();
    }
}
