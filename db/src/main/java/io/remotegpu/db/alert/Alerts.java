package io.remotegpu.db.alert;

import io.remotegpu.db.invariants.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads alerts, and notes who takes care of one. */
@Component
public class Alerts {

    private static final String MATCHING = """
            FROM alerts WHERE (CAST(:firing AS boolean) IS NULL OR (resolved_at IS NULL) = :firing)
                AND (CAST(:rule AS text) IS NULL OR rule = :rule)
                AND (CAST(:severity AS text) IS NULL OR severity = :severity)
                AND (CAST(:acknowledged AS boolean) IS NULL OR (acknowledged_at IS NOT NULL) = :acknowledged)
                AND (CAST(:host AS text) IS NULL OR host_id = :host)
                AND (CAST(:environment AS uuid) IS NULL OR environment_id = :environment)
                AND (CAST(:user AS bigint) IS NULL OR user_id = :user)""";

    private final JdbcClient jdbc;

    Alerts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What fires, and of that how much, by rule and severity. */
    public record Firing(AlertRule rule, Severity severity) {}

    /** Newest first. */
    public List<Alert> search(AlertFilter filter, long offset, int limit) {
        return matching(
                        filter,
                        "SELECT * " + MATCHING + " ORDER BY started_at DESC, id DESC LIMIT :limit OFFSET :offset")
                .param("limit", limit)
                .param("offset", offset)
                .query((row, _) -> alert(row))
                .list();
    }

    public long count(AlertFilter filter) {
        return matching(filter, "SELECT count(*) " + MATCHING).query(Long.class).single();
    }

    /** @param userId whose it has to be; null: anybody's */
    public Optional<Alert> find(long id, @Nullable Long userId) {
        return matching(AlertFilter.visibleTo(userId), "SELECT * " + MATCHING + " AND id = :id")
                .param("id", id)
                .query((row, _) -> alert(row))
                .optional();
    }

    /**
     * Notes that somebody takes care of it: until it is resolved it is not said again. Said once more, the newer word counts.
     *
     * @return empty when it does not fire, or never did
     */
    public Optional<Alert> acknowledge(long id, String by, @Nullable String comment) {
        return jdbc.sql("""
                        UPDATE alerts SET acknowledged_at = clock_timestamp(), acknowledged_by = :by, acknowledgement = :comment
                        WHERE id = :id AND resolved_at IS NULL RETURNING *""")
                .param("id", id)
                .param("by", by)
                .param("comment", comment)
                .query((row, _) -> alert(row))
                .optional();
    }

    /** How many fire; what does not is absent. */
    public Map<Firing, Integer> firing() {
        var firing = new HashMap<Firing, Integer>();
        jdbc.sql("SELECT rule, severity, count(*) FROM alerts WHERE resolved_at IS NULL GROUP BY rule, severity")
                .query((RowCallbackHandler) row -> firing.put(
                        new Firing(AlertRule.fromWireName(row.getString(1)), Severity.fromWireName(row.getString(2))),
                        row.getInt(3)));
        return firing;
    }

    private JdbcClient.StatementSpec matching(AlertFilter filter, String sql) {
        var state = filter.state();
        var rule = filter.rule();
        var severity = filter.severity();
        return jdbc.sql(sql)
                .param("firing", state == null ? null : state == AlertState.FIRING)
                .param("rule", rule == null ? null : rule.wireName())
                .param("severity", severity == null ? null : severity.wireName())
                .param("acknowledged", filter.acknowledged())
                .param("host", filter.hostId())
                .param("environment", filter.environmentId())
                .param("user", filter.userId());
    }

    static Alert alert(ResultSet row) throws SQLException {
        return new Alert(
                row.getLong("id"),
                AlertRule.fromWireName(row.getString("rule")),
                row.getString("subject"),
                Severity.fromWireName(row.getString("severity")),
                row.getObject("user_id", Long.class),
                row.getObject("environment_id", UUID.class),
                row.getString("host_id"),
                row.getString("summary"),
                row.getString("remedy"),
                row.getTimestamp("started_at").toInstant(),
                row.getTimestamp("last_seen").toInstant(),
                instant(row.getTimestamp("resolved_at")),
                instant(row.getTimestamp("acknowledged_at")),
                row.getString("acknowledged_by"),
                row.getString("acknowledgement"),
                row.getInt("notices"));
    }

    static @Nullable Instant instant(@Nullable Timestamp at) {
        return at == null ? null : at.toInstant();
    }
}
