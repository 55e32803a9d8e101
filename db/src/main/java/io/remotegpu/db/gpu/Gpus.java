package io.remotegpu.db.gpu;

import io.remotegpu.db.audit.AutomaticChanges;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What administrators do with GPUs. Each method is one transaction. */
@Component
public class Gpus {

    private final JdbcClient jdbc;
    private final GpuRepository gpus;
    private final AutomaticChanges changes;

    Gpus(JdbcClient jdbc, GpuRepository gpus, AutomaticChanges changes) {
        this.jdbc = jdbc;
        this.gpus = gpus;
        this.changes = changes;
    }

    /**
     * Registers a GPU by hand, available at once; empty when there is no such host.
     *
     * @throws GpuExistsException when the host has one of that index, or the uuid is known
     */
    @Transactional
    public Optional<Gpu> register(NewGpu gpu) {
        if (!lockHost(gpu.hostId())) {
            return Optional.empty();
        }
        var id = jdbc.sql("""
                        INSERT INTO gpus (host_id, gpu_index, uuid, model, memory, link_group)
                        VALUES (:hostId, :index, :uuid, :model, :memory, :linkGroup)
                        ON CONFLICT DO NOTHING RETURNING id""")
                .param("hostId", gpu.hostId())
                .param("index", gpu.gpuIndex())
                .param("uuid", gpu.uuid())
                .param("model", gpu.model())
                .param("memory", gpu.memory())
                .param("linkGroup", gpu.linkGroup())
                .query(Long.class)
                .optional()
                .orElseThrow(() -> new GpuExistsException(gpu));
        return gpus.findById(id);
    }

    /**
     * Puts a GPU in error or takes it out. Whoever holds it keeps it: a held one taken out of error is allocated again.
     *
     * @param status available or error
     * @param reason why it is in error
     * @return the GPU as it is then; empty when there is none
     */
    @Transactional
    public Optional<Gpu> setStatus(long id, GpuStatus status, @Nullable String reason) {
        var error = switch (status) {
            case ERROR -> true;
            case AVAILABLE -> false;
            case ALLOCATED ->
                throw new IllegalArgumentException("a GPU is allocated by giving it to an environment only");
        };
        // The host before its GPUs: everything that locks both does it in this order.
        var found = gpus.findById(id).filter(gpu -> lockHost(gpu.hostId()));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        jdbc.sql("""
                        UPDATE gpus SET updated_at = now(), status_reason = :reason, status = CASE
                            WHEN :error THEN 'error' WHEN allocated_to IS NULL THEN 'available' ELSE 'allocated' END
                        WHERE id = :id""")
                .param("id", id)
                .param("error", error)
                .param("reason", error ? reason : null)
                .update();
        return gpus.findById(id);
    }

    /** The device ids of those of a host's GPUs that an environment holds and that the host itself has named. */
    public List<String> heldBy(String hostId, UUID environmentId) {
        return jdbc.sql("""
                        SELECT uuid FROM gpus
                        WHERE host_id = ? AND allocated_to = ? AND uuid IS NOT NULL AND reported ORDER BY gpu_index""")
                .params(hostId, environmentId)
                .query((row, _) -> row.getString("uuid"))
                .list();
    }

    /**
     * Puts GPUs of a host in error, so that they are given to nobody; whoever holds one keeps it. An error that is known
     * already stays as it is, unless it would pass by itself, and a GPU that the host does not have is passed over.
     *
     * @param reasons by device id
     */
    @Transactional
    public void putInError(String hostId, Map<String, String> reasons) {
        if (!lockHost(hostId)) {
            return;
        }
        // By id, as everybody locks them.
        jdbc.sql("SELECT id FROM gpus WHERE host_id = ? ORDER BY id FOR NO KEY UPDATE")
                .param(hostId)
                .query(Long.class)
                .list();
        reasons.forEach((uuid, reason) -> jdbc.sql("""
                        UPDATE gpus SET status = 'error', status_reason = :reason, updated_at = now()
                        WHERE host_id = :hostId AND uuid = :uuid AND (status <> 'error' OR status_reason = :passing)
                        RETURNING id""")
                .param("passing", Gpu.NOT_REPORTED)
                .param("hostId", hostId)
                .param("uuid", uuid)
                .param("reason", reason)
                .query(Long.class)
                .optional()
                .ifPresent(id -> changes.ofGpu("host:" + hostId, "GPU in error", id, reason)));
    }

    private boolean lockHost(String hostId) {
        return jdbc.sql("SELECT id FROM hosts WHERE id = ? FOR NO KEY UPDATE")
                .param(hostId)
                .query(String.class)
                .optional()
                .isPresent();
    }
}
