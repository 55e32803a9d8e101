package io.remotegpu.db.quota;

import java.util.Optional;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Users' own limits, at most one row a user. */
public interface ResourceQuotaRepository extends Repository<ResourceQuota, Long> {

    Optional<ResourceQuota> findById(long id);

    Optional<ResourceQuota> findByUserId(long userId);

    Page<ResourceQuota> findAll(Pageable page);

    /** Sets a user's limits, in place of any before; empty when there is no such user. */
    @Query("""
            INSERT INTO resource_quotas AS q (user_id, cpu, memory, gpu, storage, environment_quota)
            SELECT id, :cpu, :memory, :gpu, :storage, :environmentQuota FROM users WHERE id = :userId
            ON CONFLICT (user_id) DO UPDATE SET cpu = excluded.cpu, memory = excluded.memory, gpu = excluded.gpu,
                storage = excluded.storage, environment_quota = excluded.environment_quota, updated_at = now()
            RETURNING q.*""")
    Optional<ResourceQuota> set(long userId, int cpu, long memory, int gpu, long storage, int environmentQuota);

    /** {@link #set(long, int, long, int, long, int)} of those limits. */
    default Optional<ResourceQuota> set(long userId, QuotaLimits limits) {
        return set(userId, limits.cpu(), limits.memory(), limits.gpu(), limits.storage(), limits.environments());
    }

    /** Changes the limits of a quota row; empty when there is no such row. */
    @Query("""
            UPDATE resource_quotas SET cpu = :cpu, memory = :memory, gpu = :gpu, storage = :storage,
                environment_quota = :environmentQuota, updated_at = now()
            WHERE id = :id RETURNING *""")
    Optional<ResourceQuota> update(long id, int cpu, long memory, int gpu, long storage, int environmentQuota);

    /** {@link #update(long, int, long, int, long, int)} to those limits. */
    default Optional<ResourceQuota> update(long id, QuotaLimits limits) {
        return update(id, limits.cpu(), limits.memory(), limits.gpu(), limits.storage(), limits.environments());
    }

    /** How many were deleted: 0 or 1. The user then has the installation's default. */
    @Modifying
    @Query("DELETE FROM resource_quotas WHERE id = :id")
    int deleteById(long id);
}
