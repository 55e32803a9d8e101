package io.remotegpu.db.environment;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What operators did by hand, and which operations wait for a silent host: in the audit log, and among the environments' events. */
@Component
public class Interventions {

    /** As an answered request that was accepted. */
    private static final int ACCEPTED = 202;

    private final JdbcClient jdbc;
    private final EnvironmentRows rows;

    Interventions(JdbcClient jdbc, EnvironmentRows rows) {
        this.jdbc = jdbc;
        this.rows = rows;
    }

    /**
     * Writes it down; the same key again changes nothing.
     *
     * @param key of this one word of the operator
     * @param outcome retried, skipped or aborted
     * @param action in words for the audit, for example {@code "operation retry"}
     * @param by who did it
     * @param reason why, in their words
     */
    @Transactional
    public void note(
            UUID id,
            String operationId,
            String key,
            EventOutcome outcome,
            String action,
            String step,
            String by,
            @Nullable String reason) {
        var first = jdbc.sql("""
                        INSERT INTO audit_log (origin, actor, action, subject, outcome, detail, key)
                        VALUES ('operator', :by, :action, :subject, :outcome, :reason, :key)
                        ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING""")
                .param("by", by)
                .param("action", action + " (step " + step + ")")
                .param("subject", "environment/" + id)
                .param("outcome", ACCEPTED)
                .param("reason", reason)
                .param("key", key)
                .update();
        if (first == 1) {
            rows.event(id, operationId, step, outcome, "by " + by + (reason == null ? "" : ": " + reason));
        }
    }

    /**
     * Says of each operation whose host is silent that it waits for that host, once for each silence. What it holds stays
     * held. Doing it again changes nothing.
     *
     * @param silence how long a host may be silent
     * @return how many it was said of
     */
    @Transactional
    public int noteWaiting(Duration silence) {
        return jdbc.sql("""
                        WITH waiting AS (
                            SELECT e.id AS environment_id, o.id AS operation_id, o.step, h.id AS host_id, h.last_heartbeat
                            FROM operations o
                            JOIN environments e ON e.id = o.environment_id
                            JOIN hosts h ON h.id = e.host_id
                            CROSS JOIN host_watch w
                            WHERE o.ended_at IS NULL AND e.status <> 'queued' AND NOT h.unswept
                                AND clock_timestamp() - :silence * interval '1 millisecond'
                                    > greatest(h.last_heartbeat, o.started_at, w.hearing_since))
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                        SELECT environment_id, operation_id, step, 'waiting',
                            'host ' || host_id || ' is silent: it keeps what it holds, and goes on by itself when the host is '
                                || 'heard of again or is declared lost'
                        FROM waiting
                        WHERE NOT EXISTS (
                            SELECT 1 FROM environment_events said
                            WHERE said.environment_id = waiting.environment_id
                                AND said.operation_id = waiting.operation_id AND said.outcome = 'waiting'
                                AND said.at >= coalesce(waiting.last_heartbeat, '-infinity'))
                        ORDER BY environment_id""").param("silence", silence.toMillis()).update();
    }
}
