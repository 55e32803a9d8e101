package io.remotegpu.db.user;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What users run who were deactivated in such a way that it is stopped. */
@Component
public class DeactivatedEnvironments {

    private final JdbcClient jdbc;

    DeactivatedEnvironments(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One that is to end.
     *
     * @param operationId the create or start under way, to be given up; null when it runs, to be stopped
     */
    public record Due(
            UUID id,
            String name,
            String owner,
            DeploymentMode mode,
            @Nullable String hostId,
            @Nullable String operationId) {

        /** For its owner, and for the audit. */
        public String reason() {
            return "the account of its owner '" + owner + "' was deactivated";
        }
    }

    /**
     * Those that run, wait for room or are on their way; oldest first. Not those that another user started after the
     * deactivation, as an admin does to save what is in there.
     */
    public List<Due> due(int most) {
        return jdbc.sql("""
                        SELECT e.id, e.name, u.username, e.deployment_mode, e.host_id, o.id AS operation_id
                        FROM users u JOIN environments e ON e.user_id = u.id
                        LEFT JOIN operations o ON o.environment_id = e.id AND o.ended_at IS NULL
                        WHERE u.stops_since IS NOT NULL
                            AND (o.id IS NULL AND e.status = 'running' AND e.host_id IS NOT NULL
                                OR o.kind IN ('create', 'start') AND o.compensating_since IS NULL)
                            AND NOT EXISTS (
                                SELECT 1 FROM operations others JOIN users somebody ON somebody.username = others.requested_by
                                WHERE others.environment_id = e.id AND others.kind IN ('create', 'start')
                                    AND others.started_at >= u.stops_since AND somebody.id <> u.id)
                        ORDER BY e.created_at, e.id LIMIT ?""")
                .param(most)
                .query((row, _) -> new Due(
                        row.getObject("id", UUID.class),
                        row.getString("name"),
                        row.getString("username"),
                        DeploymentMode.fromWireName(row.getString("deployment_mode")),
                        row.getString("host_id"),
                        row.getString("operation_id")))
                .list();
    }
}
