package io.remotegpu.db.environment;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Reads operations. */
public interface OperationRepository extends Repository<Operation, String> {

    Optional<Operation> findById(String id);

    /** The one that is under way. */
    @Query("SELECT * FROM operations WHERE environment_id = :environmentId AND ended_at IS NULL")
    Optional<Operation> open(UUID environmentId);

    /** The newest, open or ended. */
    @Query("SELECT * FROM operations WHERE environment_id = :environmentId ORDER BY started_at DESC LIMIT 1")
    Optional<Operation> last(UUID environmentId);

    /** The newest of each of these environments, at least one; in no order. */
    @Query("""
            SELECT DISTINCT ON (environment_id) * FROM operations WHERE environment_id IN (:environmentIds)
            ORDER BY environment_id, started_at DESC""")
    List<Operation> lastOf(Collection<UUID> environmentIds);
}
