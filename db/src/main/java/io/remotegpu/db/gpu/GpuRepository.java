package io.remotegpu.db.gpu;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Reads GPUs. */
public interface GpuRepository extends Repository<Gpu, Long>, GpuSearch {

    Optional<Gpu> findById(long id);

    /** What an environment holds, by index. */
    @Query("SELECT * FROM gpus WHERE allocated_to = :environmentId ORDER BY gpu_index")
    List<Gpu> heldBy(UUID environmentId);

    /** What these environments, at least one, hold; by environment and index. */
    @Query("SELECT * FROM gpus WHERE allocated_to IN (:environmentIds) ORDER BY allocated_to, gpu_index")
    List<Gpu> heldByAny(Collection<UUID> environmentIds);

    /** Every GPU of a host, by index. */
    @Query("SELECT * FROM gpus WHERE host_id = :hostId ORDER BY gpu_index")
    List<Gpu> ofHost(String hostId);
}
