package io.remotegpu.db.alert;

import io.remotegpu.db.invariants.Severity;
import io.remotegpu.db.secret.SecretBox;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Where alerts are posted to. Their secrets are encrypted, and leave only for the signature. */
@Component
public class AlertTargets {

    private static final String SELECT = """
            SELECT t.id, t.name, t.url, t.min_severity, t.created_at, coalesce(h.failures, 0) AS failures,
                h.last_delivered_at, h.last_failed_at, h.last_error
            FROM alert_targets t LEFT JOIN alert_target_health h ON h.target_id = t.id""";

    private final JdbcClient jdbc;
    private final SecretBox box;

    AlertTargets(JdbcClient jdbc, SecretBox box) {
        this.jdbc = jdbc;
        this.box = box;
    }

    /** Oldest first. */
    public List<AlertTarget> all() {
        return jdbc.sql(SELECT + " ORDER BY t.id")
                .query((row, _) -> target(row))
                .list();
    }

    public Optional<AlertTarget> find(long id) {
        return jdbc.sql(SELECT + " WHERE t.id = ?")
                .param(id)
                .query((row, _) -> target(row))
                .optional();
    }

    /**
     * What fires already is said to it when it is said again.
     *
     * @param secret what deliveries are signed with, as Standard Webhooks write it: {@code whsec_} and Base64
     * @return empty when there is one of that name
     */
    @Transactional
    public Optional<AlertTarget> add(String name, String url, String secret, Severity minSeverity, long createdBy) {
        long id = jdbc.sql("SELECT nextval(pg_get_serial_sequence('alert_targets', 'id'))")
                .query(Long.class)
                .single();
        try {
            jdbc.sql("""
                            INSERT INTO alert_targets (id, name, url, secret, min_severity, created_by)
                            VALUES (?, ?, ?, ?, ?, ?)""")
                    .params(id, name, url, box.seal(context(id), secret), minSeverity.wireName(), createdBy)
                    .update();
        } catch (DuplicateKeyException taken) {
            return Optional.empty();
        }
        return find(id);
    }

    /** From now on nothing is told to it, also of what was to be; returns how many there were. */
    public int delete(long id) {
        return jdbc.sql("DELETE FROM alert_targets WHERE id = ?").param(id).update();
    }

    /** What deliveries to it are signed with; empty when it is gone. */
    Optional<String> secret(long id) {
        return jdbc.sql("SELECT secret FROM alert_targets WHERE id = ?")
                .param(id)
                .query(byte[].class)
                .optional()
                .map(ciphertext -> box.open(context(id), ciphertext));
    }

    /** Binds a ciphertext to its place: moved to another row it does not open. */
    private static String context(long id) {
        return "alert-target/" + id;
    }

    private static AlertTarget target(java.sql.ResultSet row) throws java.sql.SQLException {
        return new AlertTarget(
                row.getLong("id"),
                row.getString("name"),
                row.getString("url"),
                Severity.fromWireName(row.getString("min_severity")),
                row.getTimestamp("created_at").toInstant(),
                row.getInt("failures"),
                Alerts.instant(row.getTimestamp("last_delivered_at")),
                Alerts.instant(row.getTimestamp("last_failed_at")),
                row.getString("last_error"));
    }
}
