package io.remotegpu.db.idle;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads who holds GPUs, and how busy they are; locks nothing. */
@Component
public class GpuUses {

    private final JdbcClient jdbc;
    private final IdleSettings settings;

    GpuUses(JdbcClient jdbc, IdleSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Those with the most GPUs first. A look from before the environment's last start says nothing of it. */
    public List<GpuUse> now(int limit) {
        return jdbc.sql("""
                        SELECT e.id, u.username, held.gpus, seen.gpu_percent
                        FROM (SELECT allocated_to AS id, count(*) AS gpus FROM gpus WHERE allocated_to IS NOT NULL
                            GROUP BY allocated_to) held
                        JOIN environments e ON e.id = held.id
                        JOIN users u ON u.id = e.user_id
                        LEFT JOIN LATERAL (SELECT s.at, s.gpu_percent FROM activity_samples s
                            WHERE s.environment_id = e.id ORDER BY s.pass DESC LIMIT 1) seen
                            ON e.status = 'running' AND seen.at >= e.started_at
                                AND seen.at > clock_timestamp() - :fresh * interval '1 millisecond'
                        ORDER BY held.gpus DESC, e.id LIMIT :limit""")
                .param("fresh", settings.longestGap().toMillis())
                .param("limit", limit)
                .query((row, _) -> new GpuUse(
                        row.getObject("id", UUID.class),
                        row.getString("username"),
                        row.getInt("gpus"),
                        row.getObject("gpu_percent", Integer.class)))
                .list();
    }
}
