package io.remotegpu.db.alert;

import io.remotegpu.db.quota.DefaultQuotaSettings;
import io.remotegpu.db.quota.QuotaLimits;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Compares the rules with the rows, opens and resolves alerts, and writes down what is to be told to whom. */
@Component
public class AlertEvaluation {

    /** "ALRT": one look at a time, whoever looks. */
    private static final long LOCK = 0x414C5254;

    private static final int MOST = 100;

    private final JdbcClient jdbc;
    private final QuotaLimits defaults;

    AlertEvaluation(JdbcClient jdbc, DefaultQuotaSettings defaults) {
        this.jdbc = jdbc;
        this.defaults = defaults.limits();
    }

    /**
     * One look, one transaction. Doing it again changes nothing but the time at which what fires was last seen.
     *
     * @param stale after how long a delivery that nobody touched counts as forgotten, and is handed out again
     * @return deliveries that no workflow has yet, the oldest first, at most a hundred; the same again until they are
     *     {@link #handedOut}
     */
    @Transactional
    public List<DeliveryKey> look(AlertThresholds thresholds, Duration stale) {
        jdbc.sql("SELECT pg_advisory_xact_lock(?)")
                .param(LOCK)
                .query((_, _) -> LOCK)
                .single();
        var now = jdbc.sql("SELECT clock_timestamp()").query(Timestamp.class).single();
        thresholds.on().forEach(rule -> see(rule, thresholds));
        sayWhatFires(thresholds);
        resolve(now, thresholds);
        jdbc.sql("""
                        INSERT INTO alert_looks (id, looked_at) VALUES (1, :now)
                        ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at""").param("now", now).update();
        jdbc.sql("DELETE FROM alerts WHERE resolved_at < clock_timestamp() - :keep * interval '1 millisecond'")
                .param("keep", thresholds.keep().toMillis())
                .update();
        return toHandOut(stale);
    }

    /** Each of these has a workflow that delivers it. */
    @Transactional
    public void handedOut(Collection<DeliveryKey> deliveries) {
        for (var delivery : deliveries) {
            jdbc.sql("""
                            UPDATE alert_deliveries SET touched_at = clock_timestamp()
                            WHERE alert_id = ? AND state = ? AND notice = ? AND target = ? AND outcome IS NULL""")
                    .params(delivery.alertId(), delivery.state().wireName(), delivery.notice(), delivery.target())
                    .update();
        }
    }

    /** A higher severity than before is news. */
    private void see(AlertRule rule, AlertThresholds thresholds) {
        jdbc.sql("""
                        INSERT INTO alerts AS a (subject, severity, user_id, environment_id, host_id, summary, remedy, rule)
                        SELECT seen.*, :rule FROM (%s) AS seen
                        ON CONFLICT (rule, subject) WHERE resolved_at IS NULL DO UPDATE SET
                            severity = excluded.severity, user_id = excluded.user_id, environment_id = excluded.environment_id,
                            host_id = excluded.host_id, summary = excluded.summary, remedy = excluded.remedy,
                            last_seen = clock_timestamp(), noticed_at = CASE
                                WHEN severity_rank(excluded.severity) > severity_rank(a.severity) THEN NULL ELSE a.noticed_at END""".formatted(AlertConditions.of(rule)))
                .param("rule", rule.wireName())
                .param("hostSilent", thresholds.hostSilent().toMillis())
                .param("gpuTemperature", thresholds.gpuTemperature())
                .param("diskPercent", thresholds.diskPercent())
                .param("queueAge", thresholds.queueAge().toMillis())
                .param("quotaPercent", thresholds.quotaPercent())
                .param("defaultCpu", defaults.cpu())
                .param("defaultMemory", defaults.memory())
                .param("defaultGpu", defaults.gpu())
                .param("defaultStorage", defaults.storage())
                .param("defaultEnvironments", defaults.environments())
                .update();
    }

    private void sayWhatFires(AlertThresholds thresholds) {
        var email = thresholds.email();
        jdbc.sql("""
                        WITH due AS (
                            UPDATE alerts SET notices = notices + 1, noticed_at = clock_timestamp()
                            WHERE resolved_at IS NULL AND (noticed_at IS NULL OR (acknowledged_at IS NULL AND :repeat > 0
                                AND noticed_at <= clock_timestamp() - :repeat * interval '1 millisecond'))
                            RETURNING id, notices, severity),
                        targets AS (
                            SELECT 'webhook/' || id AS target, id AS target_id, min_severity FROM alert_targets
                            UNION ALL SELECT 'email', NULL, :email WHERE CAST(:email AS text) IS NOT NULL)
                        INSERT INTO alert_deliveries (alert_id, state, notice, target, target_id)
                        SELECT due.id, 'firing', due.notices, target, target_id
                        FROM due JOIN targets ON severity_rank(due.severity) >= severity_rank(min_severity)""")
                .param("repeat", thresholds.repeat().toMillis())
                .param("email", email == null ? null : email.wireName())
                .update();
    }

    /** Whoever was told that it fires is told that it is over. */
    private void resolve(Timestamp now, AlertThresholds thresholds) {
        jdbc.sql("""
                        WITH over AS (
                            UPDATE alerts SET resolved_at = greatest(clock_timestamp(), started_at)
                            WHERE resolved_at IS NULL
                                AND last_seen < CAST(:now AS timestamptz) - :calm * interval '1 millisecond'
                            RETURNING id)
                        INSERT INTO alert_deliveries (alert_id, state, notice, target, target_id)
                        SELECT DISTINCT over.id, 'resolved', 1, told.target, told.target_id
                        FROM over JOIN alert_deliveries told ON told.alert_id = over.id AND told.state = 'firing'""")
                .param("now", now)
                .param("calm", thresholds.calm().toMillis())
                .update();
    }

    private List<DeliveryKey> toHandOut(Duration stale) {
        return jdbc.sql("""
                        SELECT alert_id, state, notice, target FROM alert_deliveries
                        WHERE outcome IS NULL
                            AND (touched_at IS NULL OR touched_at < clock_timestamp() - :stale * interval '1 millisecond')
                        ORDER BY created_at, alert_id, target LIMIT :most""")
                .param("stale", stale.toMillis())
                .param("most", MOST)
                .query((row, _) -> new DeliveryKey(
                        row.getLong("alert_id"),
                        AlertState.fromWireName(row.getString("state")),
                        row.getInt("notice"),
                        row.getString("target")))
                .list();
    }
}
