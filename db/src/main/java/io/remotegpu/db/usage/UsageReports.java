package io.remotegpu.db.usage;

import io.remotegpu.db.usage.UsageQuery.Period;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Adds up what was held from when to when. Held is used: a GPU counts from the moment it was claimed until it was given back,
 * whatever became of the operation in between. Storage counts from the admission until the delete, at the host where the
 * environment was placed last. How a GPU was used is what the looks at its environment said meanwhile.
 *
 * <p>Everything is computed in one statement on whole microseconds and bytes, so that nothing is lost or counted twice however it is
 * added up.
 */
@Component
public class UsageReports {

    /** Pieces of what was held, cut at the borders of the time that is asked for. */
    private static final String PIECES = """
            WITH held AS (
                SELECT kind, user_id, environment_id, host_id, model, cpu, memory, storage,
                    greatest(held_from, :from) AS since, least(coalesce(held_to, :to), :to) AS until
                FROM holding_log
                WHERE kind IN ('gpu', 'host', 'quota') AND held_from < :to AND (held_to IS NULL OR held_to > :from)
                    AND (CAST(:user AS bigint) IS NULL OR user_id = :user)),
            places AS (
                SELECT environment_id, host_id, held_from AS since,
                    lead(held_from) OVER (PARTITION BY environment_id ORDER BY held_from, id) AS until
                FROM holding_log
                WHERE kind = 'host' AND environment_id IN (SELECT environment_id FROM held WHERE kind = 'quota')),
            first_places AS (SELECT environment_id, min(since) AS since FROM places GROUP BY environment_id),
            pieces AS (
                SELECT user_id, environment_id, host_id, model, since, until,
                    CASE kind WHEN 'gpu' THEN 1 ELSE 0 END AS gpu, CASE kind WHEN 'host' THEN cpu ELSE 0 END AS cpu,
                    CASE kind WHEN 'host' THEN memory ELSE 0 END AS memory, 0::bigint AS storage,
                    0 AS gpu_busy, 0 AS gpu_idle
                FROM held WHERE kind IN ('gpu', 'host')
                UNION ALL
                SELECT h.user_id, h.environment_id, h.host_id, h.model, greatest(h.since, l.since), least(h.until, l.until),
                    0, 0, 0, 0, CASE WHEN l.busy THEN 1 ELSE 0 END, CASE WHEN l.busy THEN 0 ELSE 1 END
                FROM held h JOIN gpu_use_log l
                    ON l.environment_id = h.environment_id AND l.since < h.until AND l.until > h.since
                WHERE h.kind = 'gpu'
                UNION ALL
                SELECT h.user_id, h.environment_id, p.host_id, NULL, greatest(h.since, p.since),
                    least(h.until, coalesce(p.until, h.until)), 0, 0, 0, h.storage, 0, 0
                FROM held h JOIN places p ON p.environment_id = h.environment_id WHERE h.kind = 'quota'
                UNION ALL
                SELECT h.user_id, h.environment_id, NULL, NULL, h.since, least(h.until, coalesce(f.since, h.until)),
                    0, 0, 0, h.storage, 0, 0
                FROM held h LEFT JOIN first_places f ON f.environment_id = h.environment_id WHERE h.kind = 'quota'),
            periods AS (
                SELECT * FROM unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[])) AS period (begins, ends)),
            cut AS (
                SELECT c.user_id, c.environment_id, c.host_id, c.model, p.begins AS period_start, c.gpu, c.cpu, c.memory, c.storage, c.gpu_busy, c.gpu_idle,
                    extract(epoch FROM least(c.until, p.ends) - greatest(c.since, p.begins)) * 1000000 AS us
                FROM pieces c JOIN periods p ON c.since < p.ends AND c.until > p.begins
                WHERE c.since < c.until),
            prices AS (SELECT * FROM unnest(CAST(:models AS text[]), CAST(:prices AS numeric[])) AS price (model, price)),
            """;

    private static final String SUMS = """
            sum(us * gpu) AS gpu, sum(us * cpu) AS cpu, sum(us * memory) AS memory, sum(us * storage) AS storage,
            sum(us * gpu_busy) AS gpu_busy, sum(us * gpu_idle) AS gpu_idle,
            sum(us * gpu * coalesce(prices.price, :other)) AS gpu_priced
            FROM cut LEFT JOIN prices ON prices.model = lower(cut.model)""";

    private final JdbcClient jdbc;

    UsageReports(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A part of the rows, with what all of them are together.
     *
     * @param to until when was counted: not after now
     * @param total how many rows there are
     * @param sum of all rows, of this part or not
     */
    public record Report(Instant from, Instant to, List<UsageRow> rows, long total, UsageAmounts sum) {}

    /**
     * Adds up; what is still held counts until now. By period first, then by user, host, model and environment.
     *
     * @param limit how many rows at most
     */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public Report report(UsageQuery query, UsagePrices prices, long offset, int limit) {
        var now = jdbc.sql("SELECT clock_timestamp()")
                .query(Timestamp.class)
                .single()
                .toInstant();
        var to = query.to().isAfter(now) ? now : query.to();
        if (!to.isAfter(query.from())) {
            return new Report(query.from(), query.from(), List.of(), 0, UsageAmounts.NONE);
        }
        var clipped = new UsageQuery(query.from(), to, query.userId(), query.by());
        var total = statement(clipped, prices, grouped(clipped) + "SELECT count(*) FROM sums")
                .query(Long.class)
                .single();
        var sum = statement(clipped, prices, PIECES + "sums AS (SELECT " + SUMS + ") SELECT * FROM sums")
                .query((row, _) -> amounts(row))
                .single();
        var rows = statement(clipped, prices, grouped(clipped) + """
                        SELECT s.*, u.username, e.name AS environment_name FROM sums s
                        LEFT JOIN users u ON u.id = s.user_id LEFT JOIN environments e ON e.id = s.environment_id
                        ORDER BY s.period_start, s.user_id, s.host_id, s.model, s.environment_id LIMIT :limit OFFSET :offset""")
                .param("limit", limit)
                .param("offset", offset)
                .query((row, _) -> row(row))
                .list();
        return new Report(query.from(), to, rows, total, sum);
    }

    /** The sums, with a column for each dimension that may be asked for. */
    private static String grouped(UsageQuery query) {
        var columns = new ArrayList<String>();
        var keys = new ArrayList<String>();
        for (var dimension : Dimension.values()) {
            var column = column(dimension);
            if (query.by().contains(dimension)) {
                columns.add(column.equals("model") ? "cut.model" : column);
                keys.add(column.equals("model") ? "cut.model" : column);
            } else if (!dimension.isPeriod()) {
                columns.add("CAST(NULL AS " + type(dimension) + ") AS " + column);
            }
        }
        if (query.by().stream().noneMatch(Dimension::isPeriod)) {
            columns.add("CAST(NULL AS timestamptz) AS period_start");
        }
        var by = keys.isEmpty() ? " HAVING count(*) > 0" : " GROUP BY " + String.join(", ", keys);
        return PIECES + "sums AS (SELECT " + String.join(", ", columns) + ", " + SUMS + by + ")\n";
    }

    private static String column(Dimension dimension) {
        return switch (dimension) {
            case USER -> "user_id";
            case HOST -> "host_id";
            case MODEL -> "model";
            case ENVIRONMENT -> "environment_id";
            case DAY, MONTH -> "period_start";
        };
    }

    private static String type(Dimension dimension) {
        return switch (dimension) {
            case USER -> "bigint";
            case HOST, MODEL -> "text";
            case ENVIRONMENT -> "uuid";
            case DAY, MONTH -> "timestamptz";
        };
    }

    private JdbcClient.StatementSpec statement(UsageQuery query, UsagePrices prices, String sql) {
        var periods = query.periods();
        var models = List.copyOf(prices.gpuHour().keySet());
        return jdbc.sql(sql)
                .param("from", at(query.from()))
                .param("to", at(query.to()))
                .param("user", query.userId())
                .param("begins", times(periods, Period::from))
                .param("ends", times(periods, Period::to))
                .param("models", models.toArray(String[]::new))
                .param(
                        "prices",
                        models.stream()
                                .map(model -> String.valueOf(prices.gpuHour().get(model)))
                                .toArray(String[]::new))
                .param("other", prices.otherGpuHour());
    }

    private static String[] times(List<Period> periods, Function<Period, Instant> which) {
        return periods.stream().map(which).map(Instant::toString).toArray(String[]::new);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static UsageRow row(ResultSet row) throws SQLException {
        var start = row.getTimestamp("period_start");
        return new UsageRow(
                row.getObject("user_id", Long.class),
                row.getString("username"),
                row.getString("host_id"),
                row.getString("model"),
                row.getObject("environment_id", UUID.class),
                row.getString("environment_name"),
                start == null ? null : start.toInstant(),
                amounts(row));
    }

    private static UsageAmounts amounts(ResultSet row) throws SQLException {
        return new UsageAmounts(
                amount(row.getBigDecimal("gpu")),
                amount(row.getBigDecimal("cpu")),
                amount(row.getBigDecimal("memory")),
                amount(row.getBigDecimal("storage")),
                amount(row.getBigDecimal("gpu_busy")),
                amount(row.getBigDecimal("gpu_idle")),
                amount(row.getBigDecimal("gpu_priced")));
    }

    private static BigDecimal amount(@Nullable BigDecimal sum) {
        return sum == null ? BigDecimal.ZERO : sum;
    }
}
