package io.remotegpu.db.reconcile;

import io.remotegpu.db.audit.AutomaticChanges;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What the reconciler found. Of one check and subject at most one finding is open. */
@Component
public class Findings {

    private static final String STEP = "reconcile";

    /** An environment's events say it, too; of those that have a row. */
    private static final String EVENT = """
            INSERT INTO environment_events (environment_id, step, outcome, message)
            SELECT id, :step, :outcome, :message FROM environments WHERE id = :id""";

    private static final String MATCHING = """
            FROM reconciler_findings WHERE (CAST(:open AS boolean) IS NULL OR (closed_at IS NULL) = :open)
                AND (CAST(:severity AS text) IS NULL OR severity = :severity)
                AND (CAST(:check AS text) IS NULL OR check_name = :check)
                AND (CAST(:environment AS uuid) IS NULL OR environment_id = :environment)
                AND (CAST(:host AS text) IS NULL OR host_id = :host)""";

    private final JdbcClient jdbc;
    private final AutomaticChanges changes;

    public Findings(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.changes = new AutomaticChanges(jdbc);
    }

    /** The database's clock: every comparison of times is made by it. */
    public Instant now() {
        return jdbc.sql("SELECT clock_timestamp()")
                .query(Timestamp.class)
                .single()
                .toInstant();
    }

    /**
     * Opens a finding, or says that it is still there; again within the same pass changes nothing.
     *
     * @param passStart when this pass began
     * @param grace for how long it has to be there to be ripe
     */
    @Transactional
    public Sighting see(NewFinding finding, Instant passStart, Duration grace) {
        var sighting = jdbc.sql("""
                        INSERT INTO reconciler_findings AS f
                            (check_name, subject, severity, environment_id, host_id, found, remedy)
                        VALUES (:check, :subject, :severity, :environment, :host, :found, :remedy)
                        ON CONFLICT (check_name, subject) WHERE closed_at IS NULL DO UPDATE SET
                            severity = excluded.severity, environment_id = excluded.environment_id, host_id = excluded.host_id,
                            found = excluded.found, remedy = excluded.remedy, last_seen = clock_timestamp(),
                            times_seen = f.times_seen + CASE WHEN f.last_seen < :start THEN 1 ELSE 0 END
                        RETURNING id, xmax = 0 AS fresh, times_seen >= 2
                            AND first_seen <= clock_timestamp() - :grace * interval '1 millisecond' AS ripe""")
                .param("check", finding.check())
                .param("subject", finding.subject())
                .param("severity", finding.severity().wireName())
                .param("environment", finding.environmentId())
                .param("host", finding.hostId())
                .param("found", finding.found())
                .param("remedy", finding.remedy())
                .param("start", at(passStart))
                .param("grace", grace.toMillis())
                .query((row, _) -> new Sighting(row.getLong("id"), row.getBoolean("fresh"), row.getBoolean("ripe")))
                .single();
        if (sighting.fresh()) {
            event(finding.environmentId(), "failed", finding.found());
        }
        return sighting;
    }

    /** Says what was done about it, in the audit, too; closes it. */
    @Transactional
    public void healed(long id, String how) {
        jdbc.sql("""
                        UPDATE reconciler_findings SET healing = ?, closed_at = clock_timestamp(), outcome = 'healed'
                        WHERE id = ? AND closed_at IS NULL RETURNING check_name, subject, environment_id""")
                .params(how, id)
                .query((row, _) -> new Healed(
                        row.getString("check_name"),
                        row.getString("subject"),
                        row.getObject("environment_id", UUID.class)))
                .optional()
                .ifPresent(healed -> {
                    event(healed.environmentId(), "done", how);
                    // A subject may say more than which thing it is: "environment/<id> on <host>".
                    changes.of(
                            AutomaticChanges.RECONCILER,
                            "repair of " + healed.check(),
                            healed.environmentId() == null ? healed.subject() : "environment/" + healed.environmentId(),
                            how);
                });
    }

    private record Healed(
            String check, String subject, @Nullable UUID environmentId) {}

    /** Says why nothing could be done about it yet; it stays open. */
    @Transactional
    public void postponed(long id, String why) {
        jdbc.sql("UPDATE reconciler_findings SET healing = ? WHERE id = ? AND closed_at IS NULL")
                .params(why, id)
                .update();
    }

    /**
     * Closes what this pass looked for and did not see again.
     *
     * @param engineChecks names of the checks that need a host's engines
     * @param hostsSeen hosts whose engines all answered; of others nothing is closed that needs them
     */
    @Transactional
    public void close(Instant passStart, Collection<String> engineChecks, Collection<String> hostsSeen) {
        jdbc.sql("""
                        UPDATE reconciler_findings SET closed_at = clock_timestamp(), outcome = 'gone'
                        WHERE closed_at IS NULL AND last_seen < :start
                            AND (check_name <> ALL (:engineChecks) OR host_id = ANY (:hosts)
                                OR host_id NOT IN (SELECT id FROM hosts WHERE status <> 'lost'))""")
                .param("start", at(passStart))
                .param("engineChecks", engineChecks.toArray(String[]::new))
                .param("hosts", hostsSeen.toArray(String[]::new))
                .update();
    }

    /** How many are open, by severity. */
    public Map<String, Integer> open() {
        var open = new TreeMap<String, Integer>();
        jdbc.sql("SELECT severity, count(*) FROM reconciler_findings WHERE closed_at IS NULL GROUP BY severity")
                .query((RowCallbackHandler) row -> open.put(row.getString(1), row.getInt(2)));
        return open;
    }

    /** Newest first. */
    public List<Finding> search(FindingFilter filter, long offset, int limit) {
        return matching(
                        filter,
                        "SELECT * " + MATCHING + " ORDER BY last_seen DESC, id DESC LIMIT :limit OFFSET :offset")
                .param("limit", limit)
                .param("offset", offset)
                .query((row, _) -> finding(row))
                .list();
    }

    public long count(FindingFilter filter) {
        return matching(filter, "SELECT count(*) " + MATCHING).query(Long.class).single();
    }

    private JdbcClient.StatementSpec matching(FindingFilter filter, String sql) {
        var severity = filter.severity();
        return jdbc.sql(sql)
                .param("open", filter.open())
                .param("severity", severity == null ? null : severity.wireName())
                .param("check", filter.check())
                .param("environment", filter.environmentId())
                .param("host", filter.hostId());
    }

    private void event(@Nullable UUID environmentId, String outcome, String message) {
        if (environmentId != null) {
            jdbc.sql(EVENT)
                    .param("step", STEP)
                    .param("outcome", outcome)
                    .param("message", message)
                    .param("id", environmentId)
                    .update();
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Finding finding(ResultSet row) throws SQLException {
        var closed = row.getTimestamp("closed_at");
        return new Finding(
                row.getLong("id"),
                row.getString("check_name"),
                row.getString("subject"),
                row.getString("severity"),
                row.getObject("environment_id", UUID.class),
                row.getString("host_id"),
                row.getString("found"),
                row.getString("remedy"),
                row.getTimestamp("first_seen").toInstant(),
                row.getTimestamp("last_seen").toInstant(),
                row.getInt("times_seen"),
                row.getString("healing"),
                closed == null ? null : closed.toInstant(),
                row.getString("outcome"));
    }
}
