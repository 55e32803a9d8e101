package io.remotegpu.db.host;

import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.gpu.Gpu;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Compares what a host says of its GPUs with the rows. Called with the host's row locked.
 *
 * <p>A device is known by its uuid, whatever its index now is; one without a uuid by its index. Who holds it never
 * changes here, and neither does a device that is held turn into another one.
 */
@Component
class GpuReports {

    /** Above any real index: where rows wait while devices change places. */
    private static final int ASIDE = 1_000_000;

    private final JdbcClient jdbc;
    private final AutomaticChanges changes;

    GpuReports(JdbcClient jdbc, AutomaticChanges changes) {
        this.jdbc = jdbc;
        this.changes = changes;
    }

    private record Row(
            long id,
            int gpuIndex,
            @Nullable String uuid,
            String model,
            long memory,
            int linkGroup,
            String status,
            @Nullable String statusReason,
            boolean reported,
            boolean held) {}

    /** Returns what contradicts the rows and was left alone. */
    List<String> apply(String hostId, List<GpuReport> reports) {
        var rows = rows(hostId);
        var contradictions = new ArrayList<String>();
        var known = new LinkedHashMap<GpuReport, Row>();
        for (var report : reports) {
            var row = match(rows, report);
            if (row != null) {
                known.put(report, row);
            }
        }
        var seen = known.values().stream().map(Row::id).collect(Collectors.toCollection(HashSet::new));
        known.forEach((report, row) -> makeWay(rows, report, row));
        known.forEach((report, row) -> update(hostId, row, report));
        for (var report : reports) {
            if (!known.containsKey(report)) {
                add(hostId, report, rows, seen, contradictions);
            }
        }
        rows.stream().filter(row -> row.reported() && !seen.contains(row.id())).forEach(row -> missing(hostId, row));
        return contradictions;
    }

    /** Devices change places with a driver's update or a card's move: first everybody leaves, then each takes its own. */
    private void makeWay(List<Row> rows, GpuReport report, Row row) {
        if (row.gpuIndex() != report.index()) {
            moveAside(row);
            rows.stream().filter(other -> other.gpuIndex() == report.index()).forEach(this::moveAside);
        }
    }

    private List<Row> rows(String hostId) {
        return jdbc.sql("""
                        SELECT id, gpu_index, uuid, model, memory, link_group, status, status_reason, reported,
                            allocated_to IS NOT NULL AS held
                        FROM gpus WHERE host_id = ? ORDER BY id FOR NO KEY UPDATE""")
                .param(hostId)
                .query(new DataClassRowMapper<>(Row.class))
                .list();
    }

    private static @Nullable Row match(List<Row> rows, GpuReport report) {
        var uuid = report.uuid();
        if (uuid != null) {
            var byUuid = first(rows, row -> uuid.equals(row.uuid()));
            if (byUuid != null) {
                return byUuid;
            }
        }
        return first(rows, row -> row.gpuIndex() == report.index() && (row.uuid() == null || uuid == null));
    }

    private static @Nullable Row first(List<Row> rows, Predicate<Row> condition) {
        return rows.stream().filter(condition).findFirst().orElse(null);
    }

    private void moveAside(Row row) {
        jdbc.sql("UPDATE gpus SET gpu_index = ? WHERE id = ?")
                .params(Math.addExact(ASIDE, Math.toIntExact(row.id() % ASIDE)), row.id())
                .update();
    }

    private void update(String hostId, Row row, GpuReport report) {
        var error = report.error();
        var status = row.status();
        var reason = row.statusReason();
        if (error != null) {
            status = "error";
            reason = error;
        } else if (status.equals("error") && Gpu.NOT_REPORTED.equals(reason)) {
            // What a heartbeat took away a heartbeat gives back; an administrator's word or a fault stays.
            status = row.held() ? "allocated" : "available";
            reason = null;
        }
        var uuid = report.uuid() == null ? row.uuid() : report.uuid();
        var same = row.reported()
                && row.gpuIndex() == report.index()
                && Objects.equals(uuid, row.uuid())
                && row.model().equals(report.model())
                && row.memory() == report.memory()
                && row.linkGroup() == report.linkGroup()
                && status.equals(row.status())
                && Objects.equals(reason, row.statusReason());
        if (same) {
            return;
        }
        jdbc.sql("""
                        UPDATE gpus SET gpu_index = :index, uuid = :uuid, model = :model, memory = :memory,
                            link_group = :linkGroup, status = :status, status_reason = :reason, reported = true,
                            updated_at = now()
                        WHERE id = :id""")
                .param("id", row.id())
                .param("index", report.index())
                .param("uuid", uuid)
                .param("model", report.model())
                .param("memory", report.memory())
                .param("linkGroup", report.linkGroup())
                .param("status", status)
                .param("reason", reason)
                .update();
        noted(hostId, row, status, reason);
    }

    /** A GPU that goes into error, or comes out of it, is nobody's to give in between. */
    private void noted(String hostId, Row row, String status, @Nullable String reason) {
        var inError = status.equals("error");
        if (inError != row.status().equals("error")) {
            changes.ofGpu("host:" + hostId, inError ? "GPU in error" : "GPU " + status, row.id(), reason);
        }
    }

    /** Adds a device; one that takes the place of a device that is gone takes its row, unless that is still held. */
    private void add(String hostId, GpuReport report, List<Row> rows, HashSet<Long> seen, List<String> contradictions) {
        var replaced = first(rows, row -> row.gpuIndex() == report.index() && !seen.contains(row.id()));
        if (replaced != null && replaced.held()) {
            contradictions.add("host " + hostId + " reports GPU " + report.uuid() + " at index " + report.index()
                    + ", where an environment holds GPU " + replaced.uuid());
            return;
        }
        var elsewhere = report.uuid() != null
                && jdbc.sql("SELECT EXISTS (SELECT 1 FROM gpus WHERE uuid = ?)")
                        .param(report.uuid())
                        .query(Boolean.class)
                        .single();
        if (elsewhere) {
            contradictions.add("host " + hostId + " reports GPU " + report.uuid() + ", which another host has");
            return;
        }
        if (replaced != null) {
            seen.add(replaced.id());
            update(hostId, replaced, report);
            return;
        }
        jdbc.sql("""
                        INSERT INTO gpus (host_id, gpu_index, uuid, model, memory, link_group, status, status_reason, reported)
                        VALUES (:hostId, :index, :uuid, :model, :memory, :linkGroup, :status, :reason, true)
                        ON CONFLICT DO NOTHING""")
                .param("hostId", hostId)
                .param("index", report.index())
                .param("uuid", report.uuid())
                .param("model", report.model())
                .param("memory", report.memory())
                .param("linkGroup", report.linkGroup())
                .param("status", report.error() == null ? "available" : "error")
                .param("reason", report.error())
                .update();
    }

    private void missing(String hostId, Row row) {
        if (!row.status().equals("error")) {
            jdbc.sql("UPDATE gpus SET status = 'error', status_reason = ?, updated_at = now() WHERE id = ?")
                    .params(Gpu.NOT_REPORTED, row.id())
                    .update();
            noted(hostId, row, "error", Gpu.NOT_REPORTED);
        }
    }
}
