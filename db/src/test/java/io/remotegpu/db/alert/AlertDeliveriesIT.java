package io.remotegpu.db.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.gpu.GpuStatus;
import io.remotegpu.db.invariants.Severity;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What is tried when, of a target that takes it and of one that does not. */
class AlertDeliveriesIT extends DatabaseTest {

    private static final String SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final DeliveryPatience PATIENCE = new DeliveryPatience(
            Duration.ofSeconds(5), Duration.ofMinutes(15), Duration.ofSeconds(30), Duration.ofHours(24));

    @Autowired
    private AlertEvaluation evaluation;

    @Autowired
    private AlertTargets targets;

    @Autowired
    private AlertDeliveries deliveries;

    private long target;
    private List<DeliveryKey> due;

    @BeforeEach
    void twoAlertsForOneTarget() {
        jdbc.sql("TRUNCATE alert_looks, alert_target_health").update();
        host("h1", 2);
        target = targets.add("ops", "https://example.com/hook", SECRET, Severity.WARNING, user("ann"))
                .orElseThrow()
                .id();
        jdbc.sql("SELECT id FROM gpus")
                .query(Long.class)
                .list()
                .forEach(gpu -> gpus.setStatus(gpu, GpuStatus.ERROR, "broken"));
        due = evaluation.look(
                new AlertThresholds(
                        EnumSet.allOf(AlertRule.class),
                        Duration.ZERO,
                        90,
                        90,
                        Duration.ZERO,
                        90,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofDays(1),
                        null),
                Duration.ofHours(1));
        assertThat(due).hasSize(2);
    }

    @Test
    void whatWasDeliveredIsNotDeliveredAgain() {
        var now = now(due.getFirst());
        assertThat(now.webhook()).isEqualTo(new DeliveryTurn.Webhook("ops", "https://example.com/hook", SECRET));
        assertThat(now.toString()).doesNotContain(SECRET);

        deliveries.delivered(due.getFirst());
        deliveries.delivered(due.getFirst());

        assertThat(take(due.getFirst())).isEqualTo(new DeliveryTurn.Over("delivered", null));
        assertThat(targets.find(target).orElseThrow().lastDeliveredAt()).isNotNull();
        assertThat(deliveries.of(due.getFirst().alertId()))
                .extracting(AlertDelivery::outcome, AlertDelivery::attempts)
                .containsExactly(org.assertj.core.api.Assertions.tuple("delivered", 1));
    }

    @Test
    void aTargetThatFailsIsLeftAloneByEverythingAndAfterwardsOneGoesFirst() {
        fails(due.getFirst());

        assertThat(take(due.getLast())).isInstanceOf(DeliveryTurn.NotYet.class);
        pauseIsOver();
        now(due.getLast());
        assertThat(take(due.getFirst()))
                .as("waits for what becomes of the other")
                .isInstanceOf(DeliveryTurn.NotYet.class);
        deliveries.delivered(due.getLast());
        now(due.getFirst());
    }

    @Test
    void pausesDoubleUpToTheLongestAndEndWithSuccess() {
        for (var pause : List.of(5, 10, 20, 40, 80, 160, 320, 640, 900, 900)) {
            assertThat(fails(due.getFirst())).isEqualTo(Duration.ofSeconds(pause));
            pauseIsOver();
        }
        assertThat(targets.find(target).orElseThrow().failures()).isEqualTo(10);
        now(due.getFirst());
        deliveries.delivered(due.getFirst());
        assertThat(targets.find(target).orElseThrow().failures()).isZero();
        assertThat(fails(due.getLast())).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void attemptsThatFailSideBySideAreOneFailureOfTheirTarget() {
        var one = now(due.getFirst());
        var other = now(due.getLast());

        deliveries.failed(one.key(), "answered 500", one.began(), PATIENCE);
        deliveries.failed(other.key(), "answered 500", other.began(), PATIENCE);

        assertThat(targets.find(target).orElseThrow().failures()).isEqualTo(1);
    }

    @Test
    void whatWasTriedForLongEnoughIsGivenUpWithItsReason() {
        fails(due.getFirst());
        jdbc.sql("UPDATE alert_deliveries SET created_at = created_at - interval '24 hours'")
                .update();

        assertThat(take(due.getFirst())).isEqualTo(new DeliveryTurn.Over("given_up", "answered 500"));
        assertThat(take(due.getFirst())).isEqualTo(new DeliveryTurn.Over("given_up", "answered 500"));
        assertThat(take(due.getLast()))
                .as("one that was never tried, because its target failed")
                .isEqualTo(new DeliveryTurn.Over("given_up", "answered 500"));
    }

    @Test
    void aTargetThatIsDeletedIsToldNothing() {
        assertThat(targets.delete(target)).isEqualTo(1);

        assertThat(take(due.getFirst())).isEqualTo(new DeliveryTurn.Over("gone", null));
        deliveries.delivered(due.getFirst());
        assertThat(targets.all()).isEmpty();
        assertThat(count("alert_target_health")).isZero();
    }

    @Test
    void secretsAreEncryptedAndNamesAreOnlyGivenOnce() {
        assertThat(targets.add("OPS", "https://example.com", SECRET, Severity.INFO, user("bob")))
                .isEmpty();
        assertThat(count("alert_targets WHERE position('whsec' in encode(secret, 'escape')) > 0"))
                .isZero();
        assertThat(targets.secret(target)).contains(SECRET);
    }

    private DeliveryTurn take(DeliveryKey key) {
        return deliveries.take(key, PATIENCE);
    }

    private DeliveryTurn.Now now(DeliveryKey key) {
        var turn = take(key);
        assertThat(turn).isInstanceOf(DeliveryTurn.Now.class);
        return (DeliveryTurn.Now) turn;
    }

    private Duration fails(DeliveryKey key) {
        return deliveries.failed(key, "answered 500", now(key).began(), PATIENCE);
    }

    private void pauseIsOver() {
        jdbc.sql("UPDATE alert_target_health SET not_before = clock_timestamp() - interval '1 second'")
                .update();
    }
}
