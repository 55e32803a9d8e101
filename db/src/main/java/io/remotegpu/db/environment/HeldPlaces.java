package io.remotegpu.db.environment;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How what an environment holds of a host is given back: CPU, memory and GPUs. Each is part of its caller's transaction, who
 * has locked the environment; not held is success.
 */
@Component
public class HeldPlaces {

    private final JdbcClient jdbc;

    HeldPlaces(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Gives CPU, memory and GPUs back; until when they were held stays, as history. */
    public void free(UUID environmentId) {
        freeGpus(environmentId);
        // The database's clock may have been set back since.
        jdbc.sql("""
                        WITH ended AS (
                            UPDATE allocations SET released_at = greatest(clock_timestamp(), allocated_at)
                            WHERE environment_id = ? AND released_at IS NULL RETURNING id, released_at)
                        UPDATE gpu_allocations g SET released_at = ended.released_at FROM ended
                        WHERE g.allocation_id = ended.id""").param(environmentId).update();
    }

    /** Its GPUs alone, with their hosts locked first. */
    void freeGpus(UUID environmentId) {
        jdbc.sql("""
                        SELECT id FROM hosts WHERE id IN (SELECT host_id FROM gpus WHERE allocated_to = :id UNION
                            SELECT host_id FROM allocations WHERE environment_id = :id AND released_at IS NULL)
                        ORDER BY id FOR NO KEY UPDATE""").param("id", environmentId).query(String.class).list();
        jdbc.sql("""
                        UPDATE gpus SET allocated_to = NULL, updated_at = now(),
                            status = CASE status WHEN 'allocated' THEN 'available' ELSE status END
                        WHERE allocated_to = ?""").param(environmentId).update();
    }
}
