package io.remotegpu.db.host;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Reads hosts. */
public interface HostRepository extends Repository<Host, String> {

    Optional<Host> findById(String id);

    /** By the SHA-256 of the host's token, in hexadecimal. */
    Optional<Host> findByTokenHash(String tokenHash);

    Page<Host> findAll(Pageable page);

    Page<Host> findByStatus(HostStatus status, Pageable page);

    /** By id. */
    @Query("SELECT * FROM hosts ORDER BY id")
    List<Host> all();

    /** The nodes of a Kubernetes cluster, by id. */
    @Query("SELECT * FROM hosts WHERE cluster = :cluster ORDER BY id")
    List<Host> ofCluster(String cluster);

    /** Whether an environment that is not deleted has its place on a node of the cluster. */
    @Query("""
            SELECT EXISTS (SELECT 1 FROM environments e JOIN hosts h ON h.id = e.host_id
                WHERE e.id = :environmentId AND e.status <> 'deleted' AND h.cluster = :cluster)""")
    boolean hasPlaceInCluster(UUID environmentId, String cluster);

    /** The host, kept from changing until the transaction ends; its GPUs are locked after it. */
    @Query("SELECT * FROM hosts WHERE id = :id FOR NO KEY UPDATE")
    Optional<Host> lock(String id);
}
