package io.remotegpu.db.quota;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * What environments hold of their users' quotas. Each method is one transaction and idempotent by the environment's id.
 *
 * <p>Storage and the environment itself count until {@link #release}; CPU, memory and GPUs until {@link #releaseCompute}.
 */
@Component
public class Reservations {

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;
    private final QuotaLimits defaults;

    Reservations(JdbcClient jdbc, EnvironmentRepository environments, DefaultQuotaSettings defaults) {
        this.jdbc = jdbc;
        this.environments = environments;
        this.defaults = defaults.limits();
    }

    /**
     * Reserves the environment itself, its storage and its compute; what is reserved already stays.
     *
     * @throws QuotaExceededException when the user's quota does not allow it
     * @throws EnvironmentNotFoundException when there is no such environment
     * @throws io.remotegpu.db.environment.InvalidStateException when it is not being created or started
     */
    @Transactional
    public void reserve(UUID environmentId) {
        reserve(environments.lock(environmentId).orElseThrow(() -> new EnvironmentNotFoundException(environmentId)));
    }

    /** {@link #reserve(UUID)} as part of a transaction that has locked the environment; the user is locked after it. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void reserve(Environment environment) {
        environment.requireBeingBroughtUp();
        var computeHeld = lockUserAndAskWhetherComputeIsHeld(environment);
        if (Boolean.TRUE.equals(computeHeld)) {
            return;
        }
        check(environment, computeHeld == null);
        jdbc.sql("""
                        INSERT INTO reservations (environment_id, user_id, cpu, memory, gpu, storage)
                        SELECT id, user_id, cpu, memory, gpu, storage FROM environments WHERE id = ?
                        ON CONFLICT (environment_id) DO UPDATE SET compute_held = true""").param(environment.id()).update();
    }

    /** {@link #reserve} for a start: storage is held already, CPU, memory and GPUs are reserved again. */
    @Transactional
    public void reserveCompute(UUID environmentId) {
        reserve(environmentId);
    }

    /** Gives CPU, memory and GPUs back; not held is success. */
    @Transactional
    public void releaseCompute(UUID environmentId) {
        jdbc.sql("UPDATE reservations SET compute_held = false WHERE environment_id = ? AND compute_held")
                .param(environmentId)
                .update();
    }

    /** Gives everything back; not held is success. */
    @Transactional
    public void release(UUID environmentId) {
        jdbc.sql("DELETE FROM reservations WHERE environment_id = ?")
                .param(environmentId)
                .update();
    }

    /** What a user may hold, and holds. */
    public Usage usage(long userId) {
        return jdbc.sql("""
                        SELECT used.*, q.user_id IS NOT NULL AS own, q.cpu AS most_cpu, q.memory AS most_memory, q.gpu AS most_gpu,
                            q.storage AS most_storage, q.environment_quota AS most_environments
                        FROM (SELECT coalesce(sum(cpu) FILTER (WHERE compute_held), 0) AS cpu,
                                coalesce(sum(memory) FILTER (WHERE compute_held), 0) AS memory,
                                coalesce(sum(gpu) FILTER (WHERE compute_held), 0) AS gpu,
                                coalesce(sum(storage), 0) AS storage, count(*) AS environments
                            FROM reservations WHERE user_id = :userId) AS used
                            LEFT JOIN resource_quotas q ON q.user_id = :userId""")
                .param("userId", userId)
                .query((row, _) -> {
                    var own = row.getBoolean("own");
                    return new Usage(userId, own ? limits(row, "most_") : defaults, limits(row, ""), own);
                })
                .single();
    }

    /**
     * Locks the row that every user has, because not everyone has a quota row.
     *
     * @return whether its compute is reserved; null when nothing of it is
     */
    private @Nullable Boolean lockUserAndAskWhetherComputeIsHeld(Environment environment) {
        return jdbc.sql("""
                        SELECT r.compute_held FROM users u LEFT JOIN reservations r ON r.environment_id = :id
                        WHERE u.id = :userId FOR NO KEY UPDATE OF u""")
                .param("id", environment.id())
                .param("userId", environment.userId())
                .query((row, _) -> Optional.ofNullable(row.getObject("compute_held", Boolean.class)))
                .single()
                .orElse(null);
    }

    private void check(Environment environment, boolean storageToo) {
        var usage = usage(environment.userId());
        var limits = usage.limits();
        var used = usage.used();
        var excesses = new ArrayList<Excess>();
        compare(excesses, "cpu", environment.cpu(), used.cpu(), limits.cpu());
        compare(excesses, "memory", environment.memory(), used.memory(), limits.memory());
        compare(excesses, "gpu", environment.gpu(), used.gpu(), limits.gpu());
        if (storageToo) {
            compare(excesses, "storage", environment.storage(), used.storage(), limits.storage());
            compare(excesses, "environments", 1, used.environments(), limits.environments());
        }
        if (!excesses.isEmpty()) {
            throw new QuotaExceededException(excesses);
        }
    }

    /** Asking for none of something never exceeds it, however much is held over a quota that was lowered. */
    private static void compare(List<Excess> excesses, String field, long requested, long used, long limit) {
        if (requested > 0 && requested > limit - used) {
            excesses.add(new Excess(field, requested, used, limit));
        }
    }

    private static QuotaLimits limits(ResultSet row, String prefix) throws SQLException {
        return new QuotaLimits(
                row.getInt(prefix + "cpu"),
                row.getLong(prefix + "memory"),
                row.getInt(prefix + "gpu"),
                row.getLong(prefix + "storage"),
                row.getInt(prefix + "environments"));
    }
}
