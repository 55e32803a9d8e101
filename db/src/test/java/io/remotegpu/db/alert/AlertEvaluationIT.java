package io.remotegpu.db.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.Together;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.host.Capacity;
import io.remotegpu.db.invariants.Severity;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.NewFinding;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Each rule on rows that make it true, and what becomes of an alert until it is over. */
class AlertEvaluationIT extends DatabaseTest {

    private static final Duration STALE = Duration.ofHours(1);
    private static final Set<AlertRule> ALL = EnumSet.allOf(AlertRule.class);
    private static final AlertFilter ANY = AlertFilter.visibleTo(null);
    private static final AlertFilter FIRING = new AlertFilter(AlertState.FIRING, null, null, null, null, null, null);

    @Autowired
    private AlertEvaluation evaluation;

    @Autowired
    private Alerts alerts;

    @Autowired
    private AlertTargets targets;

    @Autowired
    private AlertDeliveries deliveries;

    @Autowired
    private Findings findings;

    @Autowired
    private CapacityQueue queue;

    private long ann;

    @BeforeEach
    void nobodyHasLookedYet() {
        jdbc.sql("TRUNCATE alert_looks, alert_target_health").update();
        ann = user("ann");
    }

    @Test
    void nothingIsSaidWhereAllIsWell() {
        host("h1", 2);
        running(ann, Specs.terminal("a", 1));

        look();

        assertThat(alerts.count(ANY)).isZero();
    }

    @Test
    void aSilentHostFiresOnceItIsQuarantinedForLongAndIsOverWhenItIsHeardOfAgain() {
        host("h1", 0);
        hosts.quarantine("h1", "nothing was heard of it for 40 s");
        look();
        assertThat(alerts.count(ANY)).isZero();

        jdbc.sql("UPDATE hosts SET status_since = clock_timestamp() - interval '61 seconds'")
                .update();
        look();

        var alert = only(AlertRule.HOST_SILENT);
        assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(alert.subject()).isEqualTo("host/h1");
        assertThat(alert.hostId()).isEqualTo("h1");
        assertThat(alert.userId()).isNull();
        assertThat(alert.summary()).contains("nothing was heard of it for 40 s");

        hosts.heartbeat("h1", new Capacity(64, 512 * GIB, Set.of(DeploymentMode.DOCKER), Map.of(), List.of()));
        look();

        assertThat(alerts.find(alert.id(), null).orElseThrow().state()).isEqualTo(AlertState.RESOLVED);
    }

    @Test
    void aGpuInErrorFiresWithItsReasonUnlessItsHostIsGone() {
        host("h1", 1);
        host("h2", 1);
        jdbc.sql("UPDATE gpus SET status = 'error', status_reason = 'Xid 79: GPU has fallen off the bus'")
                .update();
        hosts.lost("h2");

        look();

        assertThat(only(AlertRule.GPU_ERROR).summary())
                .isEqualTo("GPU 0 (NVIDIA H100) of host h1 is in error: Xid 79: GPU has fallen off the bus");
        gpus.setStatus(gpuOf("h1"), GpuStatus.AVAILABLE, null);
        look();
        assertThat(alerts.count(FIRING)).isZero();
    }

    @Test
    void aHotGpuAndAFullDiskFireByWhatTheHostSaysAndNonsenseDoesNot() {
        host("h1", 1);
        host("h2", 0);
        says(
                "h1",
                Map.of(
                        "gpu.0.celsius",
                        "93",
                        "gpu.1.celsius",
                        "89",
                        "disk.used_percent",
                        "91",
                        "disk",
                        "91 % used of /"));
        says(
                "h2",
                Map.of(
                        "gpu.x.celsius",
                        "99",
                        "gpu.0.celsius",
                        "9999999999",
                        "gpu.1.celsius",
                        "hot'; --",
                        "disk.used_percent",
                        "1e3"));

        look();

        assertThat(alerts.search(FIRING, 0, 100))
                .extracting(Alert::subject, alert -> alert.severity().wireName())
                .containsExactlyInAnyOrder(
                        org.assertj.core.api.Assertions.tuple("host/h1/gpu/0", "warning"),
                        org.assertj.core.api.Assertions.tuple("host/h1/disk", "warning"));
        says("h1", Map.of("disk.used_percent", "99"));
        look();
        assertThat(only(AlertRule.DISK_FULL).severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void aFailedEnvironmentFiresForItsOwnerAndAnAbortedOneDoesNot() {
        var bob = user("bob");
        var failed = created(ann, Specs.terminal("a", 0));
        lifecycle.fail(failed, "create-" + failed, "image_not_found", "there is no image x", List.of());
        var aborted = created(bob, Specs.terminal("b", 0));
        lifecycle.fail(aborted, "create-" + aborted, "aborted", "aborted by bob", List.of());

        look();

        var alert = only(AlertRule.ENVIRONMENT_FAILED);
        assertThat(alert.environmentId()).isEqualTo(failed);
        assertThat(alert.summary()).isEqualTo("environment a of ann has failed: there is no image x");
        assertThat(alerts.count(AlertFilter.visibleTo(ann))).isEqualTo(1);
        assertThat(alerts.count(AlertFilter.visibleTo(bob))).isZero();
        assertThat(alerts.find(alert.id(), bob)).isEmpty();
    }

    @Test
    void aQueueFiresWhenItsOldestHasWaitedForLong() {
        host("h1", 0);
        var id = created(ann, Specs.terminal("a", 1));
        reservations.reserve(id);
        queue.join(id, "create-" + id, Duration.ofHours(9));
        look();
        assertThat(alerts.count(ANY)).isZero();

        jdbc.sql("UPDATE capacity_waits SET since = clock_timestamp() - interval '61 minutes'")
                .update();
        look();

        assertThat(only(AlertRule.QUEUE_OLD).summary()).startsWith("1 environments wait for room");
    }

    @Test
    void aFindingFiresByItsSeverityAlsoWhenItWasHealedBetweenTwoLooks() {
        var id = created(ann, Specs.terminal("a", 0));
        look();
        see("leftover", Severity.CRITICAL, id);
        see("engine_unseen", Severity.INFO, null);

        look();

        var alert = only(AlertRule.FINDING);
        assertThat(alert.subject()).isEqualTo("finding/leftover/s");
        assertThat(alert.userId()).isEqualTo(ann);
        findings.healed(see("ended", Severity.WARNING, null), "it was failed");
        findings.healed(see("leftover", Severity.CRITICAL, id), "it was removed");
        look();
        look();
        assertThat(alerts.search(ANY, 0, 10))
                .extracting(Alert::subject)
                .containsExactlyInAnyOrder("finding/leftover/s", "finding/ended/s");
        assertThat(alerts.count(FIRING)).isZero();
    }

    @Test
    void aQuotaThatIsNearlyUsedFiresAndSaysOfWhat() {
        host("h1", 4);
        jdbc.sql(
                        "INSERT INTO resource_quotas (user_id, cpu, memory, gpu, storage, environment_quota) VALUES (?, 64, ?, 2, ?, 10)")
                .params(ann, 1000 * GIB, 1000 * GIB)
                .update();
        running(ann, Specs.terminal("a", 2));
        running(user("bob"), Specs.terminal("b", 1));

        look();

        var alert = only(AlertRule.QUOTA_NEARLY_USED);
        assertThat(alert.severity()).isEqualTo(Severity.INFO);
        assertThat(alert.summary()).isEqualTo("ann holds nearly all of the quota: gpu 2 of 2");
    }

    @Test
    void whatIsAnnouncedToEndIsToldOfUntilItDoesNotAnyMore() {
        host("h1", 4);
        var id = running(ann, Specs.terminal("a", 1));
        jdbc.sql("""
                        INSERT INTO announced_ends (environment_id, kind, began_at, warned_at, ends_at)
                        SELECT id, 'stop', started_at, now(), now() + interval '15 minutes' FROM environments WHERE id = ?""").param(id).update();
        look();

        var alert = only(AlertRule.ENVIRONMENT_ENDING);
        assertThat(alert.severity()).isEqualTo(Severity.WARNING);
        assertThat(alert.summary())
                .startsWith("environment a of ann will be stopped at ")
                .endsWith(" UTC: it has run for nearly as long as it may");
        jdbc.sql("UPDATE environments SET extended_until = now() + interval '1 hour' WHERE id = ?")
                .param(id)
                .update();
        look();
        assertThat(alerts.count(FIRING)).isZero();

        jdbc.sql("UPDATE environments SET extended_until = NULL WHERE id = ?")
                .param(id)
                .update();
        jdbc.sql("DELETE FROM announced_ends").update();
        jdbc.sql("""
                        INSERT INTO idle_states (environment_id, judged_at, state, finding, idle_since, stops_at, warned_at)
                        SELECT id, now(), 'idle', 'x', now(), now() + interval '1 minute', now() FROM environments WHERE id = ?""").param(id).update();
        look();
        assertThat(only(AlertRule.ENVIRONMENT_ENDING).summary()).endsWith(" UTC: nobody uses it");
    }

    @Test
    void aRuleThatIsSwitchedOffSaysNothingAndWhatItSaidIsOver() {
        brokenGpu();
        look();
        only(AlertRule.GPU_ERROR);

        look(thresholds(EnumSet.complementOf(EnumSet.of(AlertRule.GPU_ERROR)), Duration.ZERO, Duration.ZERO, null));

        assertThat(alerts.count(FIRING)).isZero();
    }

    @Test
    void howeverManyLookThereIsOneAlertAndOneDelivery() throws InterruptedException {
        brokenGpu();
        target("ops");

        Together.run(IntStream.range(0, 8)
                .mapToObj(_ -> (Callable<Object>) this::look)
                .toList());

        assertThat(alerts.count(ANY)).isEqualTo(1);
        assertThat(count("alert_deliveries")).isEqualTo(1);
    }

    @Test
    void whatFlickersIsOneAlertUntilItHasBeenCalm() {
        brokenGpu();
        var patient = thresholds(ALL, Duration.ofMinutes(1), Duration.ZERO, null);
        look(patient);
        gpus.setStatus(gpuOf("h1"), GpuStatus.AVAILABLE, null);
        look(patient);
        assertThat(alerts.count(FIRING)).isEqualTo(1);

        jdbc.sql(
                        "UPDATE alerts SET started_at = started_at - interval '1 hour', last_seen = last_seen - interval '61 seconds'")
                .update();
        look(patient);

        assertThat(alerts.count(FIRING)).isZero();
    }

    @Test
    void itIsSaidAgainUntilSomebodyTakesCareOfItAndItsEndIsSaidToWhoeverWasTold() {
        brokenGpu();
        var ops = target("ops");
        var repeating = thresholds(ALL, Duration.ZERO, Duration.ofHours(4), Severity.CRITICAL);
        assertThat(look(repeating)).containsExactly(key(1, "firing", "webhook/" + ops));
        assertThat(look(repeating)).as("until it is handed out").hasSize(1);
        evaluation.handedOut(look(repeating));
        assertThat(look(repeating)).isEmpty();

        anHourPasses(5);
        evaluation.handedOut(look(repeating));
        assertThat(count("alert_deliveries WHERE state = 'firing'")).isEqualTo(2);

        alerts.acknowledge(firing().id(), "olga", "the card was ordered");
        anHourPasses(5);
        assertThat(look(repeating)).isEmpty();

        target("late");
        gpus.setStatus(gpuOf("h1"), GpuStatus.AVAILABLE, null);
        assertThat(look(repeating))
                .extracting(DeliveryKey::state, DeliveryKey::target)
                .containsExactly(org.assertj.core.api.Assertions.tuple(AlertState.RESOLVED, "webhook/" + ops));
    }

    @Test
    void onlyWhatIsBadEnoughForATargetIsToldToIt() {
        brokenGpu();
        assertThat(targets.add("critical only", "https://example.com/a", SECRET, Severity.CRITICAL, ann))
                .isPresent();
        assertThat(look(thresholds(ALL, Duration.ZERO, Duration.ZERO, Severity.CRITICAL)))
                .isEmpty();

        see("leftover", Severity.CRITICAL, null);

        assertThat(look(thresholds(ALL, Duration.ZERO, Duration.ZERO, Severity.CRITICAL)))
                .extracting(DeliveryKey::target)
                .hasSize(2)
                .contains("email");
    }

    @Test
    void whatGetsWorseIsSaidAgain() {
        target("ops");
        see("leftover", Severity.WARNING, null);
        evaluation.handedOut(look());
        assertThat(look()).isEmpty();

        see("leftover", Severity.CRITICAL, null);

        assertThat(look()).extracting(DeliveryKey::notice).containsExactly(2);
    }

    @Test
    void aDeliveryThatNobodyTouchedForLongIsHandedOutAgain() {
        brokenGpu();
        target("ops");
        evaluation.handedOut(look());
        assertThat(look()).isEmpty();

        jdbc.sql("UPDATE alert_deliveries SET touched_at = touched_at - interval '2 hours'")
                .update();

        assertThat(look()).hasSize(1);
    }

    @Test
    void oldAlertsGo() {
        brokenGpu();
        target("ops");
        look();
        gpus.setStatus(gpuOf("h1"), GpuStatus.AVAILABLE, null);
        look();
        assertThat(alerts.count(ANY)).isEqualTo(1);

        jdbc.sql(
                        "UPDATE alerts SET started_at = started_at - interval '91 days', resolved_at = resolved_at - interval '91 days'")
                .update();
        look();

        assertThat(alerts.count(ANY)).isZero();
        assertThat(count("alert_deliveries")).isZero();
    }

    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private List<DeliveryKey> look() {
        return look(thresholds(ALL, Duration.ZERO, Duration.ZERO, null));
    }

    private List<DeliveryKey> look(AlertThresholds thresholds) {
        return evaluation.look(thresholds, STALE);
    }

    private static AlertThresholds thresholds(
            Set<AlertRule> on, Duration calm, Duration repeat, @Nullable Severity email) {
        return new AlertThresholds(
                on, Duration.ofMinutes(1), 90, 90, Duration.ofHours(1), 90, calm, repeat, Duration.ofDays(90), email);
    }

    private Alert only(AlertRule rule) {
        var firing = firing();
        assertThat(firing.rule()).isEqualTo(rule);
        return firing;
    }

    private Alert firing() {
        var found = alerts.search(FIRING, 0, 100).stream()
                .filter(alert -> alert.rule() != AlertRule.GPU_HOT)
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private DeliveryKey key(int notice, String state, String target) {
        return new DeliveryKey(firing().id(), AlertState.fromWireName(state), notice, target);
    }

    private void brokenGpu() {
        host("h1", 1);
        gpus.setStatus(gpuOf("h1"), GpuStatus.ERROR, "broken");
    }

    private long gpuOf(String host) {
        return jdbc.sql("SELECT id FROM gpus WHERE host_id = ?")
                .param(host)
                .query(Long.class)
                .single();
    }

    private long target(String name) {
        return targets.add(name, "https://example.com/hook", SECRET, Severity.WARNING, ann)
                .orElseThrow()
                .id();
    }

    private void says(String host, Map<String, String> facts) {
        hosts.heartbeat(host, new Capacity(64, 512 * GIB, Set.of(DeploymentMode.DOCKER), facts, List.of()));
    }

    private long see(String check, Severity severity, @Nullable UUID environment) {
        return findings.see(
                        new NewFinding(check, "s", severity, environment, null, "found", "remedy"),
                        findings.now(),
                        Duration.ZERO)
                .id();
    }

    private void anHourPasses(int times) {
        jdbc.sql("UPDATE alerts SET noticed_at = noticed_at - ? * interval '1 hour'")
                .param(times)
                .update();
    }
}
