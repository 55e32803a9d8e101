package io.remotegpu.db.environment;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Reads environments. */
public interface EnvironmentRepository extends Repository<Environment, UUID>, EnvironmentSearch {

    /** Deleted ones too. */
    Optional<Environment> findById(UUID id);

    /**
     * The same, kept from changing until the transaction ends. Whoever locks more than one row takes the environment
     * first, then the host, then its GPUs.
     */
    @Query("SELECT * FROM environments WHERE id = :id FOR NO KEY UPDATE")
    Optional<Environment> lock(UUID id);

    /** Those that wait for capacity and have no place yet, in no order. */
    @Query("""
            SELECT e.* FROM environments e JOIN capacity_waits w ON w.environment_id = e.id
            WHERE NOT EXISTS (SELECT 1 FROM allocations a WHERE a.environment_id = e.id AND a.released_at IS NULL)""")
    List<Environment> waiting();

    /** The user name of its owner. */
    @Query("SELECT u.username FROM environments e JOIN users u ON u.id = e.user_id WHERE e.id = :id")
    Optional<String> ownerOf(UUID id);
}
