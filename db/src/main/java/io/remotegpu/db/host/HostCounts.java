package io.remotegpu.db.host;

import io.remotegpu.db.gpu.GpuStatus;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many hosts and GPUs are in each status; a status of none is absent. */
@Component
public class HostCounts {

    private final JdbcClient jdbc;

    HostCounts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

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

    public Map<GpuStatus, Integer> gpus() {
        var counts = new EnumMap<GpuStatus, Integer>(GpuStatus.class);
        jdbc.sql("SELECT status, count(*) FROM gpus GROUP BY status")
                .query((RowCallbackHandler) row -> counts.put(GpuStatus.fromWireName(row.getString(1)), row.getInt(2)));
        return counts;
    }
}
