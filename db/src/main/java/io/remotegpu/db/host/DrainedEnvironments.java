package io.remotegpu.db.host;

import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What runs on hosts that are drained in such a way that it is stopped. */
@Component
public class DrainedEnvironments {

    /** One that is to be stopped. */
    public record Drained(UUID id, String name, String owner, DeploymentMode mode, String hostId) {}

    private final JdbcClient jdbc;
    private final AutomaticChanges changes;

    DrainedEnvironments(JdbcClient jdbc, AutomaticChanges changes) {
        this.jdbc = jdbc;
        this.changes = changes;
    }

    /** Writes down that its stop was begun. */
    public void stopping(Drained environment) {
        changes.ofEnvironment(
                AutomaticChanges.HOST_WATCH,
                "environment stopped",
                environment.id(),
                "host " + environment.hostId() + " is drained");
    }

    /** Those that run, with no operation under way; the oldest first. */
    public List<Drained> toStop() {
        return jdbc.sql("""
                        SELECT e.id, e.name, u.username, e.deployment_mode, h.id AS host_id
                        FROM hosts h JOIN environments e ON e.host_id = h.id JOIN users u ON u.id = e.user_id
                        WHERE h.status = 'draining' AND h.drain_stops AND e.status = 'running' AND NOT EXISTS (
                            SELECT 1 FROM operations o WHERE o.environment_id = e.id AND o.ended_at IS NULL)
                        ORDER BY e.created_at, e.id""")
                .query((row, _) -> new Drained(
                        row.getObject("id", UUID.class),
                        row.getString("name"),
                        row.getString("username"),
                        DeploymentMode.fromWireName(row.getString("deployment_mode")),
                        row.getString("host_id")))
                .list();
    }
}
