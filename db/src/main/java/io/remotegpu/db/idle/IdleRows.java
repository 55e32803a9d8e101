package io.remotegpu.db.idle;

import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of samples and conclusions; transactions and sense are {@link IdleWatch}'s. */
@Component
public class IdleRows {

    /** For those who ask what was seen lately: kept whatever it says. */
    private static final Duration LATELY = Duration.ofHours(1);

    private final JdbcClient jdbc;

    /**
     * A running environment.
     *
     * @param asked the time out that its user asked for
     * @param gpus how many it holds
     * @param kept whether it is protected
     */
    record Row(
            UUID id,
            String name,
            String owner,
            EnvironmentType type,
            DeploymentMode mode,
            String hostId,
            int gpus,
            @Nullable Duration asked,
            @Nullable Instant extendedUntil,
            boolean kept,
            Instant startedAt) {}

    IdleRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What was concluded of an environment last, which may have been stopped since. */
    public Optional<IdleState> state(UUID id) {
        return jdbc.sql("SELECT * FROM idle_states WHERE environment_id = ?")
                .param(id)
                .query((row, _) -> new IdleState(
                        row.getObject("environment_id", UUID.class),
                        required(row, "judged_at"),
                        Idleness.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        row.getString("finding"),
                        instant(row, "idle_since"),
                        instant(row, "stops_at"),
                        instant(row, "warned_at"),
                        row.getBoolean("said")))
                .optional();
    }

    /** Oldest first. */
    List<ActivitySample> samples(UUID id, Instant from) {
        return jdbc.sql("SELECT * FROM activity_samples WHERE environment_id = ? AND at >= ? ORDER BY at, pass")
                .params(id, at(from))
                .query((row, _) -> sample(row))
                .list();
    }

    /** The newest, oldest first; at most so many. */
    public List<ActivitySample> newestSamples(UUID id, int most) {
        return jdbc.sql("""
                        SELECT * FROM (SELECT * FROM activity_samples WHERE environment_id = ? ORDER BY at DESC, pass DESC LIMIT ?)
                            AS newest ORDER BY at, pass""").params(id, most).query((row, _) -> sample(row)).list();
    }

    private static ActivitySample sample(ResultSet row) throws SQLException {
        var busy = row.getObject("busy_kernels", Integer.class);
        return new ActivitySample(
                required(row, "at"),
                new Activity(
                        row.getObject("connections", Integer.class),
                        row.getObject("cpu_nanos", Long.class),
                        row.getObject("gpu_percent", Integer.class),
                        busy == null ? null : new Activity.Jupyter(busy, instant(row, "jupyter_last"))),
                row.getString("trouble"));
    }

    Instant now() {
        return jdbc.sql("SELECT clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /** Locked; empty unless it runs, with no operation under way. */
    Optional<Row> lock(UUID id) {
        return jdbc.sql("""
                        SELECT e.*, u.username, (SELECT count(*) FROM gpus g WHERE g.allocated_to = e.id) AS gpus_held
                        FROM environments e JOIN users u ON u.id = e.user_id
                        WHERE e.id = ? AND e.status = 'running' AND e.host_id IS NOT NULL AND NOT EXISTS (
                            SELECT 1 FROM operations o WHERE o.environment_id = e.id AND o.ended_at IS NULL)
                        FOR UPDATE OF e""")
                .param(id)
                .query((row, _) -> new Row(
                        id,
                        row.getString("name"),
                        row.getString("username"),
                        EnvironmentType.fromWireName(row.getString("environment_type")),
                        DeploymentMode.fromWireName(row.getString("deployment_mode")),
                        row.getString("host_id"),
                        row.getInt("gpus_held"),
                        seconds(row, "idle_timeout_seconds"),
                        instant(row, "extended_until"),
                        row.getBoolean("protected"),
                        required(row, "started_at")))
                .optional();
    }

    /**
     * Writes a look down, and what it says of the time since the look before or the start; again, for the same pass: nothing.
     *
     * @param idleGpus up to how many per cent nobody computes on its GPUs
     * @param gap when the look before is longer ago than this, nothing is known of the time since
     */
    void add(
            UUID id,
            Instant pass,
            Instant startedAt,
            Activity activity,
            @Nullable String trouble,
            int idleGpus,
            Duration gap) {
        var seen = trouble == null ? activity : Activity.unknown();
        var jupyter = seen.jupyter();
        // The reads see the rows as they were before the look was added.
        jdbc.sql("""
                        WITH look AS (
                            INSERT INTO activity_samples (environment_id, pass, connections, cpu_nanos, gpu_percent, busy_kernels,
                                jupyter_last, trouble)
                            VALUES (:id, :pass, :connections, :cpu, :gpu, :kernels, :last, :trouble)
                            ON CONFLICT (environment_id, pass) DO NOTHING RETURNING at, gpu_percent),
                        tells AS (
                            SELECT at AS until, gpu_percent > :idle AS busy, greatest(CAST(:started AS timestamptz),
                                (SELECT max(at) FROM activity_samples WHERE environment_id = :id),
                                (SELECT max(until) FROM gpu_use_log WHERE environment_id = :id)) AS since
                            FROM look WHERE gpu_percent IS NOT NULL),
                        told AS (SELECT * FROM tells WHERE until > since AND until <= since + :gap * interval '1 millisecond'),
                        longer AS (
                            UPDATE gpu_use_log l SET until = told.until FROM told
                            WHERE l.environment_id = :id AND l.until = told.since AND l.busy = told.busy RETURNING l.since)
                        INSERT INTO gpu_use_log (environment_id, since, until, busy)
                        SELECT :id, since, until, busy FROM told WHERE NOT EXISTS (SELECT FROM longer)""")
                .param("id", id)
                .param("pass", at(pass))
                .param("connections", seen.connections())
                .param("cpu", seen.cpuNanos())
                .param("gpu", seen.gpuPercent())
                .param("kernels", jupyter == null ? null : jupyter.busyKernels())
                .param("last", jupyter == null ? null : orNull(jupyter.lastActivity()))
                .param("trouble", trouble)
                .param("idle", idleGpus)
                .param("started", at(startedAt))
                .param("gap", gap.toMillis())
                .update();
    }

    void save(IdleState state) {
        jdbc.sql("""
                        INSERT INTO idle_states (environment_id, judged_at, state, finding, idle_since, stops_at, warned_at, said)
                        VALUES (:id, :judged, :state, :finding, :since, :stops, :warned, :said)
                        ON CONFLICT (environment_id) DO UPDATE SET judged_at = EXCLUDED.judged_at, state = EXCLUDED.state,
                            finding = EXCLUDED.finding, idle_since = EXCLUDED.idle_since, stops_at = EXCLUDED.stops_at,
                            warned_at = EXCLUDED.warned_at, said = EXCLUDED.said""")
                .param("id", state.environmentId())
                .param("judged", at(state.judgedAt()))
                .param("state", state.state().wireName())
                .param("finding", state.finding())
                .param("since", orNull(state.idleSince()))
                .param("stops", orNull(state.stopsAt()))
                .param("warned", orNull(state.warnedAt()))
                .param("said", state.said())
                .update();
    }

    void event(UUID id, String outcome, String message) {
        jdbc.sql("INSERT INTO environment_events (environment_id, step, outcome, message) VALUES (?, ?, ?, ?)")
                .params(id, IdleWatch.STEP, outcome, message)
                .update();
    }

    /** What no conclusion rests on any more goes. */
    void trim(UUID id, Instant now, @Nullable Instant since, Duration timeout, Duration gap) {
        var needed = now.minus(timeout).minus(gap);
        var begins = since == null || since.minus(gap).isBefore(needed) ? needed : since.minus(gap);
        var keep = since == null || begins.isAfter(now.minus(LATELY)) ? now.minus(LATELY) : begins;
        jdbc.sql("DELETE FROM activity_samples WHERE environment_id = ? AND at < ?")
                .params(id, at(keep))
                .update();
    }

    /** Nothing is concluded of it. */
    void forget(UUID id) {
        jdbc.sql("DELETE FROM idle_states WHERE environment_id = ?").param(id).update();
    }

    static @Nullable Duration seconds(ResultSet row, String column) throws SQLException {
        var seconds = row.getObject(column, Long.class);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable OffsetDateTime orNull(@Nullable Instant instant) {
        return instant == null ? null : at(instant);
    }
}
