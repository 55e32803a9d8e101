package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.drivers.spi.GpuDevice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Which host and which GPUs an environment holds. Each method is one transaction and idempotent by the environment's id.
 *
 * <p>Locks are taken in one order everywhere: the environment, then hosts by id, then GPUs by id. Whoever holds a host's
 * row has its GPUs to itself.
 */
@Component
public class Allocations {

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;
    private final Candidates candidates;
    private final TransactionOperations transactions;

    Allocations(
            JdbcClient jdbc,
            EnvironmentRepository environments,
            Candidates candidates,
            TransactionOperations transactions) {
        this.jdbc = jdbc;
        this.environments = environments;
        this.candidates = candidates;
        this.transactions = transactions;
    }

    /**
     * Chooses a host and claims CPU, memory and GPUs there; or returns what is held, wherever that is: release it before
     * asking for another place. An environment that has data gets the host with its data only.
     *
     * @param excludedHosts hosts that turned out unable to take it
     * @throws NoCapacityException when no host can take it now, with what is missing
     * @throws EnvironmentNotFoundException when there is no such environment
     * @throws io.remotegpu.db.environment.InvalidStateException when it is not being created or started
     */
    public Allocation allocate(UUID environmentId, Set<String> excludedHosts) {
        return transactions.execute(transaction -> {
            var environment =
                    environments.lock(environmentId).orElseThrow(() -> new EnvironmentNotFoundException(environmentId));
            environment.requireBeingBroughtUp();
            return held(environmentId).orElseGet(() -> place(environment, excludedHosts, transaction));
        });
    }

    /** Gives CPU, memory and GPUs back; not held is success. Its data, if any, stays where it is. */
    public void release(UUID environmentId) {
        transactions.executeWithoutResult(_ -> {
            if (environments.lock(environmentId).isEmpty()) {
                return;
            }
            jdbc.sql("""
                            SELECT id FROM hosts WHERE id IN (SELECT host_id FROM gpus WHERE allocated_to = :id UNION
                                SELECT host_id FROM allocations WHERE environment_id = :id AND released_at IS NULL)
                            ORDER BY id FOR NO KEY UPDATE""").param("id", environmentId).query(String.class).list();
            jdbc.sql("""
                            UPDATE gpus SET allocated_to = NULL, updated_at = now(),
                                status = CASE status WHEN 'allocated' THEN 'available' ELSE status END
                            WHERE allocated_to = ?""").param(environmentId).update();
            // The database's clock may have been set back since.
            jdbc.sql("""
                            WITH ended AS (
                                UPDATE allocations SET released_at = greatest(clock_timestamp(), allocated_at)
                                WHERE environment_id = ? AND released_at IS NULL RETURNING id, released_at)
                            UPDATE gpu_allocations g SET released_at = ended.released_at FROM ended
                            WHERE g.allocation_id = ended.id""").param(environmentId).update();
        });
    }

    /** What an environment holds now. */
    public Optional<Allocation> held(UUID environmentId) {
        return jdbc.sql("""
                        SELECT h.id, coalesce(h.bind_address, h.ip_address) AS address,
                            g.gpu_index, g.uuid, g.model, g.memory
                        FROM allocations a JOIN hosts h ON h.id = a.host_id
                            LEFT JOIN gpus g ON g.allocated_to = a.environment_id
                        WHERE a.environment_id = ? AND a.released_at IS NULL ORDER BY g.gpu_index""").param(environmentId).query(Allocations::allocation);
    }

    /** From one row for each GPU, or one without any. */
    private static Optional<Allocation> allocation(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            return Optional.empty();
        }
        var host = rows.getString("id");
        var address = rows.getString("address");
        var gpus = new ArrayList<GpuDevice>();
        do {
            if (rows.getString("model") != null) {
                gpus.add(gpu(rows));
            }
        } while (rows.next());
        return Optional.of(new Allocation(host, address, gpus));
    }

    private static GpuDevice gpu(ResultSet row) throws SQLException {
        return new GpuDevice(
                row.getInt("gpu_index"), row.getString("uuid"), row.getString("model"), row.getLong("memory"));
    }

    private Allocation place(Environment environment, Set<String> excluded, TransactionStatus transaction) {
        var nothingLocked = transaction.createSavepoint();
        var views = candidates.views(environment, excluded);
        var secondLook = new TreeSet<String>();
        for (var host : candidates.fitting(environment, views)) {
            if (lockIfFree(environment, host) && claim(environment, host)) {
                return held(environment.id()).orElseThrow();
            }
            secondLook.add(host);
        }
        if (!secondLook.isEmpty()) {
            // Waiting while holding what others wait for would be a deadlock: let go first, then wait in order.
            transaction.rollbackToSavepoint(nothingLocked);
            lockAll(secondLook);
            views = candidates.views(environment, excluded);
            for (var host : candidates.fitting(environment, views)) {
                if (secondLook.contains(host) && claim(environment, host)) {
                    return held(environment.id()).orElseThrow();
                }
            }
        }
        throw new NoCapacityException(Lacks.of(environment, views, excluded));
    }

    /** False when somebody else is busy there, or there is no room any more. */
    private boolean lockIfFree(Environment environment, String hostId) {
        return jdbc.sql("""
                        SELECT id FROM hosts WHERE id = :id AND status = 'active'
                            AND total_cpu - used_cpu >= :cpu AND total_memory - used_memory >= :memory
                        FOR NO KEY UPDATE SKIP LOCKED""")
                .param("id", hostId)
                .param("cpu", environment.cpu())
                .param("memory", environment.memory())
                .query(String.class)
                .optional()
                .isPresent();
    }

    private void lockAll(Set<String> hostIds) {
        jdbc.sql("SELECT id FROM hosts WHERE id = ANY (?) ORDER BY id FOR NO KEY UPDATE")
                .param(hostIds.toArray(String[]::new))
                .query(String.class)
                .list();
    }

    /** Takes what it needs on a locked host that has the CPU and memory; false when the GPUs are gone meanwhile. */
    private boolean claim(Environment environment, String hostId) {
        var free = freeGpus(environment, hostId);
        if (free.size() < environment.gpu()) {
            return false;
        }
        jdbc.sql("""
                        WITH allocation AS (
                            INSERT INTO allocations (environment_id, host_id, cpu, memory)
                            VALUES (:id, :hostId, :cpu, :memory) RETURNING id),
                        place AS (
                            UPDATE environments SET host_id = :hostId, updated_at = now() WHERE id = :id),
                        claimed AS (
                            UPDATE gpus SET status = 'allocated', allocated_to = :id, updated_at = now()
                            WHERE id = ANY (:gpus) RETURNING id, model)
                        INSERT INTO gpu_allocations (gpu_id, model, allocation_id)
                        SELECT claimed.id, claimed.model, allocation.id FROM claimed, allocation""")
                .param("id", environment.id())
                .param("hostId", hostId)
                .param("cpu", environment.cpu())
                .param("memory", environment.memory())
                .param("gpus", GpuChoice.choose(free, environment.gpu()).toArray(Long[]::new))
                .update();
        return true;
    }

    private List<GpuChoice.FreeGpu> freeGpus(Environment environment, String hostId) {
        if (environment.gpu() == 0) {
            return List.of();
        }
        return jdbc.sql("""
                        SELECT id, link_group FROM gpus
                        WHERE host_id = :hostId AND status = 'available' AND memory >= :memory
                            AND (CAST(:model AS text) IS NULL OR lower(model) = lower(:model))
                        ORDER BY id FOR NO KEY UPDATE""")
                .param("hostId", hostId)
                .param("memory", Candidates.gpuMemory(environment))
                .param("model", environment.gpuModel())
                .query((row, _) -> new GpuChoice.FreeGpu(row.getLong("id"), row.getInt("link_group")))
                .list();
    }
}
