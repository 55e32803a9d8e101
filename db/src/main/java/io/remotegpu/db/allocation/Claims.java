package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.drivers.spi.GpuDevice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of who holds what of a host; locks and transactions are the callers'. */
@Component
class Claims {

    private final JdbcClient jdbc;

    Claims(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an environment holds now. */
    Optional<Allocation> held(UUID environmentId) {
        return jdbc.sql("""
                        SELECT h.id, coalesce(h.bind_address, h.ip_address) AS address,
                            g.gpu_index, g.uuid, g.model, g.memory
                        FROM allocations a JOIN hosts h ON h.id = a.host_id
                            LEFT JOIN gpus g ON g.allocated_to = a.environment_id
                        WHERE a.environment_id = ? AND a.released_at IS NULL ORDER BY g.gpu_index""").param(environmentId).query(Claims::allocation);
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

    /** Takes what it needs on a locked host that has the CPU and memory; empty when the GPUs are gone meanwhile. */
    Optional<Allocation> claim(Environment environment, String hostId) {
        var free = freeGpus(environment, hostId);
        return free.size() < environment.gpu()
                ? Optional.empty()
                : Optional.of(claim(environment, hostId, GpuChoice.choose(free, environment.gpu())));
    }

    /** Takes exactly these GPUs on a locked host that has all the rest, too. */
    Allocation claim(Environment environment, String hostId, List<Long> gpus) {
        return jdbc.sql("""
                        WITH allocation AS (
                            INSERT INTO allocations (environment_id, host_id, cpu, memory)
                            VALUES (:id, :hostId, :cpu, :memory) RETURNING id),
                        place AS (
                            UPDATE environments SET host_id = :hostId, updated_at = now() WHERE id = :id),
                        claimed AS (
                            UPDATE gpus SET status = 'allocated', allocated_to = :id, updated_at = now()
                            WHERE id = ANY (:gpus) RETURNING id, gpu_index, uuid, model, memory),
                        noted AS (
                            INSERT INTO gpu_allocations (gpu_id, model, allocation_id)
                            SELECT claimed.id, claimed.model, allocation.id FROM claimed, allocation)
                        SELECT h.id, coalesce(h.bind_address, h.ip_address) AS address,
                            c.gpu_index, c.uuid, c.model, c.memory
                        FROM hosts h LEFT JOIN claimed c ON true WHERE h.id = :hostId ORDER BY c.gpu_index""")
                .param("id", environment.id())
                .param("hostId", hostId)
                .param("cpu", environment.cpu())
                .param("memory", environment.memory())
                .param("gpus", gpus.toArray(Long[]::new))
                .query(Claims::allocation)
                .orElseThrow();
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
