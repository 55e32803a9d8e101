package io.remotegpu.db.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads what the reconciler compares. */
@Component
public class Standings {

    private static final String STANDING = """
            SELECT e.id, e.status, e.deployment_mode, e.host_id, e.has_data, o.id AS operation_id, o.kind,
                o.id IS NOT NULL AND o.ended_at IS NULL AS open,
                coalesce(o.ended_at < CAST(:before AS timestamptz), o.id IS NULL) AS rested
            FROM environments e LEFT JOIN LATERAL (SELECT * FROM operations o WHERE o.environment_id = e.id
                ORDER BY o.ended_at IS NULL DESC, o.started_at DESC LIMIT 1) o ON true
            """;

    private final JdbcClient jdbc;

    public Standings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One environment, a deleted one too. */
    public Optional<Standing> of(UUID id, Instant before) {
        return among(List.of(id), before).stream().findFirst();
    }

    /** Those of these that there are, deleted ones too. */
    public List<Standing> among(Collection<UUID> ids, Instant before) {
        return read(STANDING + "WHERE e.id = ANY (:ids)", before, Map.of("ids", ids.toArray(UUID[]::new)));
    }

    /** Those that are not deleted and whose place that host is. */
    public List<Standing> on(String hostId, Instant before) {
        return read(STANDING + "WHERE e.host_id = :host AND e.status <> 'deleted'", before, Map.of("host", hostId));
    }

    /** Those with an open operation. */
    public List<Standing> moving(Instant before) {
        return read(
                STANDING
                        + "WHERE EXISTS (SELECT 1 FROM operations p WHERE p.environment_id = e.id AND p.ended_at IS NULL)",
                before,
                Map.of());
    }

    /** The ids of all operations that have not ended. */
    public List<String> openOperations() {
        return jdbc.sql("SELECT id FROM operations WHERE ended_at IS NULL")
                .query((row, _) -> row.getString("id"))
                .list();
    }

    public boolean isOpen(String operationId) {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM operations WHERE id = ? AND ended_at IS NULL)")
                .param(operationId)
                .query(Boolean.class)
                .single();
    }

    /** Which of these this database once gave something to, although they may have no row any more. */
    public Set<UUID> known(Collection<UUID> ids) {
        return new TreeSet<>(
                jdbc.sql("SELECT DISTINCT environment_id FROM holding_log WHERE environment_id = ANY (:ids)")
                        .param("ids", ids.toArray(UUID[]::new))
                        .query(UUID.class)
                        .list());
    }

    /** Every host that is not declared lost, with the engines that it offers or that something of it is on. */
    public Map<String, Set<DeploymentMode>> hosts() {
        var hosts = new TreeMap<String, Set<DeploymentMode>>();
        jdbc.sql("""
                        SELECT h.id, unnest(h.deployment_modes) AS mode FROM hosts h WHERE h.status NOT IN ('lost', 'pending')
                        UNION
                        SELECT h.id, e.deployment_mode FROM hosts h JOIN environments e ON e.host_id = h.id
                        WHERE h.status NOT IN ('lost', 'pending') AND e.status <> 'deleted'""").query((RowCallbackHandler) row -> hosts.computeIfAbsent(row.getString("id"), _ -> new TreeSet<>())
                .add(DeploymentMode.fromWireName(row.getString("mode"))));
        return hosts;
    }

    private List<Standing> read(String sql, Instant before, Map<String, ?> parameters) {
        var found = new ArrayList<Standing>();
        jdbc.sql(sql)
                .params(parameters)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .query((RowCallbackHandler) row -> {
                    var kind = row.getString("kind");
                    found.add(new Standing(
                            row.getObject("id", UUID.class),
                            EnvironmentStatus.fromWireName(row.getString("status")),
                            DeploymentMode.fromWireName(row.getString("deployment_mode")),
                            row.getString("host_id"),
                            row.getBoolean("has_data"),
                            row.getString("operation_id"),
                            kind == null ? null : OperationKind.fromWireName(kind),
                            row.getBoolean("open"),
                            row.getBoolean("rested")));
                });
        return found;
    }
}
