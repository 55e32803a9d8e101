package io.remotegpu.db.alert;

import io.remotegpu.db.alert.DeliveryTurn.Now;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Whom to tell what, and whether it worked. A target that fails is left alone, by all that is to be told to it, for pauses that
 * grow; afterwards one attempt goes first.
 */
@Component
public class AlertDeliveries {

    private static final String THIS =
            " WHERE alert_id = :alert AND state = :state AND notice = :notice AND target = :target ";

    private final JdbcClient jdbc;
    private final Alerts alerts;
    private final AlertTargets targets;

    AlertDeliveries(JdbcClient jdbc, Alerts alerts, AlertTargets targets) {
        this.jdbc = jdbc;
        this.alerts = alerts;
        this.targets = targets;
    }

    private record Row(
            @Nullable Long targetId,
            @Nullable String outcome,
            @Nullable String lastError,
            long leftMillis,
            Instant now) {}

    /** Of an alert, in the order in which they were written down. */
    public List<AlertDelivery> of(long alertId) {
        return jdbc.sql("SELECT * FROM alert_deliveries WHERE alert_id = ? ORDER BY created_at, target LIMIT 200")
                .param(alertId)
                .query((row, _) -> new AlertDelivery(
                        new DeliveryKey(
                                alertId,
                                AlertState.fromWireName(row.getString("state")),
                                row.getInt("notice"),
                                row.getString("target")),
                        row.getTimestamp("created_at").toInstant(),
                        row.getInt("attempts"),
                        row.getString("last_error"),
                        row.getString("outcome"),
                        Alerts.instant(row.getTimestamp("ended_at"))))
                .list();
    }

    /** Whether to try now. A delivery that has been tried for long enough is given up here. */
    @Transactional
    public DeliveryTurn take(DeliveryKey key, DeliveryPatience patience) {
        var row = lock(key, patience);
        if (row.isEmpty()) {
            return new DeliveryTurn.Over("gone", null);
        }
        var delivery = row.get();
        if (delivery.outcome() != null) {
            return new DeliveryTurn.Over(delivery.outcome(), delivery.lastError());
        }
        if (delivery.leftMillis() <= 0) {
            return new DeliveryTurn.Over("given_up", giveUp(key));
        }
        long pause = pauseOf(key.target(), patience);
        if (pause > 0) {
            return new DeliveryTurn.NotYet(Duration.ofMillis(Math.min(pause, delivery.leftMillis())));
        }
        var alert = alerts.find(key.alertId(), null).orElseThrow();
        var targetId = delivery.targetId();
        if (targetId == null) {
            return new Now(key, alert, null, delivery.now());
        }
        var target = targets.find(targetId).orElseThrow();
        var secret = targets.secret(targetId).orElseThrow();
        return new Now(key, alert, new DeliveryTurn.Webhook(target.name(), target.url(), secret), delivery.now());
    }

    /** It was taken; said again changes nothing. */
    @Transactional
    public void delivered(DeliveryKey key) {
        var done = of(key, """
                UPDATE alert_deliveries SET outcome = 'delivered', ended_at = clock_timestamp(), attempts = attempts + 1,
                    last_error = NULL""" + THIS + " AND outcome IS NULL").update();
        if (done == 1) {
            health(key, """
                    failures = 0, not_before = NULL, last_delivered_at = clock_timestamp(), last_error = NULL""", "last_delivered_at", "clock_timestamp()").update();
        }
    }

    /**
     * It was not taken.
     *
     * @param began when the attempt began: of attempts that fail side by side only one lengthens the pause
     * @return until when the target is left alone, from now; no longer than this delivery has left
     */
    @Transactional
    public Duration failed(DeliveryKey key, String error, Instant began, DeliveryPatience patience) {
        of(key, """
                UPDATE alert_deliveries SET attempts = attempts + 1, last_error = :error, touched_at = clock_timestamp()""" + THIS + " AND outcome IS NULL").param("error", error).update();
        var left = lock(key, patience);
        if (left.isEmpty()) {
            return patience.first();
        }
        health(key, """
                failures = h.failures + CASE WHEN h.last_failed_at >= :began THEN 0 ELSE 1 END,
                    last_failed_at = clock_timestamp(), last_error = :error""", "failures, last_failed_at, last_error", "1, clock_timestamp(), :error")
                .param("began", Timestamp.from(began))
                .param("error", error)
                .update();
        long pause = jdbc.sql("""
                        UPDATE alert_target_health SET not_before = clock_timestamp()
                            + least(:longest, :first * 2 ^ least(failures - 1, 30)) * interval '1 millisecond'
                        WHERE target = :target
                        RETURNING least(:longest, :first * 2 ^ least(failures - 1, 30))::bigint""")
                .param("longest", patience.longest().toMillis())
                .param("first", patience.first().toMillis())
                .param("target", key.target())
                .query(Long.class)
                .single();
        return Duration.ofMillis(Math.clamp(left.get().leftMillis(), 1, pause));
    }

    /** Locked so that what two workers do about one delivery comes one after the other. */
    private Optional<Row> lock(DeliveryKey key, DeliveryPatience patience) {
        return of(key, """
                UPDATE alert_deliveries SET touched_at = clock_timestamp()""" + THIS + """
                 RETURNING target_id, outcome, last_error, clock_timestamp() AS now,
                    (extract(epoch FROM created_at - clock_timestamp()) * 1000)::bigint + :giveUp AS left_millis""")
                .param("giveUp", patience.giveUp().toMillis())
                .query((row, _) -> new Row(
                        row.getObject("target_id", Long.class),
                        row.getString("outcome"),
                        row.getString("last_error"),
                        row.getLong("left_millis"),
                        row.getTimestamp("now").toInstant()))
                .optional();
    }

    private @Nullable String giveUp(DeliveryKey key) {
        return of(key, """
                UPDATE alert_deliveries SET outcome = 'given_up', ended_at = clock_timestamp(), last_error = coalesce(last_error,
                    (SELECT h.last_error FROM alert_target_health h WHERE h.target = alert_deliveries.target))""" + THIS + " RETURNING last_error")
                .query((row, _) -> Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null);
    }

    /** Zero: now. Then, of a target that failed, the others wait for what becomes of this attempt. */
    private long pauseOf(String target, DeliveryPatience patience) {
        var pause = jdbc.sql("""
                        SELECT ceil(extract(epoch FROM coalesce(not_before, clock_timestamp()) - clock_timestamp()) * 1000)::bigint
                        FROM alert_target_health WHERE target = ? AND failures > 0 FOR UPDATE""").param(target).query(Long.class).optional();
        if (pause.isEmpty() || pause.get() > 0) {
            return pause.orElse(0L);
        }
        jdbc.sql("""
                        UPDATE alert_target_health SET not_before = clock_timestamp() + ? * interval '1 millisecond'
                        WHERE target = ?""").params(patience.attempt().toMillis(), target).update();
        return 0;
    }

    private JdbcClient.StatementSpec health(DeliveryKey key, String changes, String columns, String values) {
        return of(key, """
                INSERT INTO alert_target_health AS h (target, target_id, %s)
                SELECT d.target, d.target_id, %s FROM alert_deliveries d
                WHERE d.alert_id = :alert AND d.state = :state AND d.notice = :notice AND d.target = :target
                ON CONFLICT (target) DO UPDATE SET %s""".formatted(columns, values, changes));
    }

    private JdbcClient.StatementSpec of(DeliveryKey key, String sql) {
        return jdbc.sql(sql)
                .param("alert", key.alertId())
                .param("state", key.state().wireName())
                .param("notice", key.notice())
                .param("target", key.target());
    }
}
