package io.remotegpu.db.host;

import io.remotegpu.db.gpu.GpuStatus;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How hosts and GPUs are, for a monitoring system. */
@Component
public class HostCounts {

    private final JdbcClient jdbc;

    HostCounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many are in each status; a status of none is absent. */
    public Map<HostStatus, Integer> hosts() {
        var counts = new EnumMap<HostStatus, Integer>(HostStatus.class);
        jdbc.sql("SELECT status, count(*) FROM hosts GROUP BY status").query((RowCallbackHandler)
                row -> counts.put(HostStatus.fromWireName(row.getString(1)), row.getInt(2)));
        return counts;
    }

    /** Those that say that something is open that they are to guard. */
    public int unguardedHosts() {
        return jdbc.sql("""
                        SELECT count(*) FROM hosts WHERE status IN ('active', 'quarantined', 'draining')
                            AND EXISTS (SELECT FROM jsonb_object_keys(facts) AS fact WHERE starts_with(fact, ?))""").param(Host.UNGUARDED).query(Integer.class).single();
    }

    /** GPUs of one model in one status. */
    public record GpuCount(String model, GpuStatus status, int count) {}

    /** With none for each status in which a model that there is has none. */
    public List<GpuCount> gpus() {
        return jdbc.sql("""
                        SELECT model, status, count(id) FROM (SELECT DISTINCT model FROM gpus) models
                            CROSS JOIN unnest(:statuses) AS status LEFT JOIN gpus USING (model, status)
                        GROUP BY model, status ORDER BY model, status""")
                .param(
                        "statuses",
                        Stream.of(GpuStatus.values()).map(GpuStatus::wireName).toArray(String[]::new))
                .query((row, _) ->
                        new GpuCount(row.getString(1), GpuStatus.fromWireName(row.getString(2)), row.getInt(3)))
                .list();
    }

    /** For how long nothing was heard of those that are to be heard of, by id; of which something ever was. */
    public Map<String, Duration> silences() {
        var silences = new TreeMap<String, Duration>();
        jdbc.sql("""
                        SELECT id, extract(epoch FROM clock_timestamp() - last_heartbeat) * 1000 FROM hosts
                        WHERE last_heartbeat IS NOT NULL AND status IN ('active', 'quarantined', 'draining')""")
                .query((RowCallbackHandler) row -> silences.put(row.getString(1), Duration.ofMillis(row.getLong(2))));
        return silences;
    }
}
