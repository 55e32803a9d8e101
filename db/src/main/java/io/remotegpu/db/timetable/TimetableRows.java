package io.remotegpu.db.timetable;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of timetables and announcements; what is made of them is {@link TimetableWatch}'s. */
@Component
public class TimetableRows {

    private static final String ALL = """
            SELECT e.*, u.username, u.status = 'active' AS owner_active, t.max_lifetime_seconds, t.stop_cron, t.start_cron, t.time_zone,
                coalesce(t.dealt_with, e.created_at) AS dealt_with, a.began_at, a.warned_at, a.ends_at
            FROM environments e JOIN users u ON u.id = e.user_id LEFT JOIN timetables t ON t.environment_id = e.id
                LEFT JOIN announced_ends a ON a.environment_id = e.id
            """;

    private static final String SETTLED = ALL + """
            WHERE e.status IN ('running', 'stopped', 'failed') AND NOT EXISTS (
                SELECT 1 FROM operations o WHERE o.environment_id = e.id AND o.ended_at IS NULL)
            """;

    private final JdbcClient jdbc;

    TimetableRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Of those that have one. */
    public Map<UUID, Timetable> of(Collection<UUID> ids) {
        return jdbc
                .sql("SELECT * FROM timetables WHERE environment_id = ANY(?)")
                .param(ids.toArray(UUID[]::new))
                .query((row, _) -> Map.entry(row.getObject("environment_id", UUID.class), timetable(row)))
                .list()
                .stream()
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** What an environment's timetable is. */
    public Timetable of(UUID id) {
        return of(List.of(id)).getOrDefault(id, Timetable.NONE);
    }

    /** Moments that have come are never done of a schedule that is written after them. */
    public void write(UUID id, Timetable timetable) {
        var lifetime = timetable.maxLifetime();
        jdbc.sql("""
                        INSERT INTO timetables AS t (environment_id, max_lifetime_seconds, stop_cron, start_cron, time_zone)
                        VALUES (:id, :lifetime, :stop, :start, :zone)
                        ON CONFLICT (environment_id) DO UPDATE SET max_lifetime_seconds = excluded.max_lifetime_seconds,
                            stop_cron = excluded.stop_cron, start_cron = excluded.start_cron, time_zone = excluded.time_zone,
                            dealt_with = CASE WHEN (t.stop_cron, t.start_cron, t.time_zone)
                                    IS NOT DISTINCT FROM (excluded.stop_cron, excluded.start_cron, excluded.time_zone)
                                THEN t.dealt_with ELSE greatest(t.dealt_with, excluded.dealt_with) END""")
                .param("id", id)
                .param("lifetime", lifetime == null ? null : Math.max(1, lifetime.toSeconds()))
                .param("stop", timetable.stop())
                .param("start", timetable.start())
                .param("zone", timetable.timeZone())
                .update();
    }

    /** False when that moment, or a later one, is dealt with already, or is no longer one. */
    public boolean take(UUID id, Instant moment) {
        return jdbc.sql("""
                        UPDATE timetables SET dealt_with = :moment
                        WHERE environment_id = :id AND dealt_with < :moment AND time_zone IS NOT NULL""").param("id", id).param("moment", at(moment)).update() == 1;
    }

    Instant now() {
        return jdbc.sql("SELECT clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** All that may be stopped, started or deleted by itself, in no order. */
    List<TimetableRow> settled() {
        return jdbc.sql(SETTLED).query((row, _) -> row(row)).list();
    }

    /** Whatever becomes of them now. */
    List<TimetableRow> rows(Collection<UUID> ids) {
        return jdbc.sql(ALL + "WHERE e.id = ANY(?)")
                .param(ids.toArray(UUID[]::new))
                .query((row, _) -> row(row))
                .list();
    }

    /** One of them, locked. */
    Optional<TimetableRow> lock(UUID id) {
        return jdbc.sql(SETTLED + "AND e.id = ? FOR UPDATE OF e")
                .param(id)
                .query((row, _) -> row(row))
                .optional();
    }

    void announce(UUID id, String kind, Instant beganAt, Instant warnedAt, Instant endsAt) {
        jdbc.sql("""
                        INSERT INTO announced_ends (environment_id, kind, began_at, warned_at, ends_at)
                        VALUES (:id, :kind, :began, :warned, :ends)
                        ON CONFLICT (environment_id) DO UPDATE SET kind = excluded.kind, began_at = excluded.began_at,
                            warned_at = excluded.warned_at, ends_at = excluded.ends_at""")
                .param("id", id)
                .param("kind", kind)
                .param("began", at(beganAt))
                .param("warned", at(warnedAt))
                .param("ends", at(endsAt))
                .update();
    }

    /** What was announced does not come, or comes later. */
    void withdraw(UUID id) {
        jdbc.sql("DELETE FROM announced_ends WHERE environment_id = ?")
                .param(id)
                .update();
    }

    void event(UUID id, String outcome, String message) {
        jdbc.sql("INSERT INTO environment_events (environment_id, step, outcome, message) VALUES (?, ?, ?, ?)")
                .params(id, TimetableWatch.STEP, outcome, message)
                .update();
    }

    private static TimetableRow row(ResultSet row) throws SQLException {
        var warned = instant(row, "warned_at");
        var began = instant(row, "began_at");
        var ends = instant(row, "ends_at");
        return new TimetableRow(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("username"),
                DeploymentMode.fromWireName(row.getString("deployment_mode")),
                row.getString("host_id"),
                EnvironmentStatus.fromWireName(row.getString("status")),
                row.getBoolean("owner_active"),
                row.getBoolean("protected"),
                instant(row, "started_at"),
                instant(row, "stopped_at"),
                instant(row, "extended_until"),
                timetable(row),
                row.getObject("dealt_with", OffsetDateTime.class).toInstant(),
                warned == null || began == null || ends == null ? null : new TimetableRow.Warned(began, warned, ends));
    }

    private static Timetable timetable(ResultSet row) throws SQLException {
        var seconds = row.getObject("max_lifetime_seconds", Long.class);
        return new Timetable(
                seconds == null ? null : Duration.ofSeconds(seconds),
                row.getString("stop_cron"),
                row.getString("start_cron"),
                row.getString("time_zone"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
