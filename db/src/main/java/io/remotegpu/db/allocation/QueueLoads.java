package io.remotegpu.db.allocation;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads how long the queue is; locks nothing. */
@Component
public class QueueLoads {

    private final JdbcClient jdbc;

    QueueLoads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public QueueLoad now() {
        return jdbc.sql("""
                        SELECT count(*) AS waiting,
                            (extract(epoch FROM greatest(clock_timestamp() - min(since), interval '0')) * 1000)::bigint AS oldest_ms
                        FROM capacity_waits w WHERE NOT EXISTS (SELECT 1 FROM allocations a
                            WHERE a.environment_id = w.environment_id AND a.released_at IS NULL)""")
                .query((row, _) -> new QueueLoad(row.getInt("waiting"), Duration.ofMillis(row.getLong("oldest_ms"))))
                .single();
    }
}
