package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.OperationKind;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How many operations have ended how, and after how long, since the installation began. Asked of the rows, so every process says the
 * same; what ended a while ago is added up only once in each. Locks nothing.
 */
@Component
public class OperationTotals {

    /** Seconds; what took longer than one and not longer than the next is counted together, and what took longer than the last. */
    public static final List<Double> BOUNDS =
            List.of(0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0);

    /** No transaction that ends an operation takes so long, so nothing comes to what ended before that. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private Map<End, Took> settled = new HashMap<>();
    private Instant settledUntil = Instant.EPOCH;

    OperationTotals(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A way for an operation to end. */
    public record End(OperationKind kind, OperationOutcome outcome) {}

    /**
     * How long some took, from being asked for to their end, with what they waited for room.
     *
     * @param counts one for each of {@link #BOUNDS}, and one more
     * @param seconds together
     */
    public record Took(long[] counts, double seconds) {

        private Took and(Took other) {
            var sums = counts.clone();
            for (int i = 0; i < sums.length; i++) {
                sums[i] += other.counts[i];
            }
            return new Took(sums, seconds + other.seconds);
        }
    }

    /** Those that there have been. */
    public synchronized Map<End, Took> now() {
        var border = jdbc.sql("SELECT now()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant()
                .minus(SETTLED);
        if (border.isAfter(settledUntil)) {
            // Whole or not at all: what was added once is not added again.
            var more = new HashMap<>(settled);
            add(more, settledUntil, border);
            settled = more;
            settledUntil = border;
        }
        var all = new HashMap<>(settled);
        add(all, settledUntil, null);
        return all;
    }

    private void add(Map<End, Took> sums, Instant from, @Nullable Instant to) {
        jdbc.sql("""
                        SELECT kind, outcome, width_bucket(seconds, :bounds) AS bucket, count(*), sum(seconds)
                        FROM (SELECT kind, outcome, extract(epoch FROM ended_at - started_at)::double precision AS seconds
                            FROM operations WHERE ended_at >= :from AND ended_at < coalesce(:to, 'infinity'::timestamptz)) ended
                        GROUP BY kind, outcome, bucket""")
                .param("bounds", BOUNDS.toArray(Double[]::new))
                .param("from", from.atOffset(ZoneOffset.UTC))
                .param("to", to == null ? null : to.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .query((RowCallbackHandler) row -> {
                    var counts = new long[BOUNDS.size() + 1];
                    counts[row.getInt(3)] = row.getLong(4);
                    sums.merge(
                            new End(
                                    OperationKind.fromWireName(row.getString(1)),
                                    OperationOutcome.fromWireName(row.getString(2))),
                            new Took(counts, row.getDouble(5)),
                            Took::and);
                });
    }
}
