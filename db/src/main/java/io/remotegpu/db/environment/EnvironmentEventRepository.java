package io.remotegpu.db.environment;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Reads events. */
public interface EnvironmentEventRepository extends Repository<EnvironmentEvent, Long> {

    /**
     * What happened after an event, oldest first.
     *
     * @param afterId an event's id, or 0 for all
     */
    @Query("""
            SELECT * FROM environment_events WHERE environment_id = :environmentId AND id > :afterId
            ORDER BY id LIMIT :limit""")
    List<EnvironmentEvent> after(UUID environmentId, long afterId, int limit);
}
