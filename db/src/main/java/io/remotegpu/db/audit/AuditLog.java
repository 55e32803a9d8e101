package io.remotegpu.db.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The audit as rows. The database itself forbids to change or delete one. */
@Component
public class AuditLog {

    private static final int LONGEST_DETAIL = 1000;

    private static final String MATCHING = """
            FROM audit_log WHERE (CAST(:actor AS text) IS NULL OR actor = :actor)
                AND (CAST(:action AS text) IS NULL OR strpos(lower(action), lower(:action)) > 0)
                AND (CAST(:targetType AS text) IS NULL OR target_type = :targetType)
                AND (CAST(:targetId AS text) IS NULL OR target_id = :targetId)
                AND (CAST(:outcome AS text) IS NULL OR result = :outcome)
                AND (CAST(:origin AS text) IS NULL OR origin = :origin)
                AND (CAST(:from AS timestamptz) IS NULL OR at >= :from)
                AND (CAST(:to AS timestamptz) IS NULL OR at < :to)""";

    private final JdbcClient jdbc;

    AuditLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Appends what was answered to a request.
     *
     * @param subject {@code <type>/<id>}, or the type alone
     * @param status the HTTP status
     * @param detail why it was refused; no secret, and nothing of the request's body
     */
    public void answered(
            String actor,
            @Nullable String address,
            String action,
            @Nullable String subject,
            int status,
            @Nullable String detail,
            @Nullable String requestId) {
        jdbc.sql("""
                        INSERT INTO audit_log (actor, address, action, subject, outcome, detail, request_id)
                        VALUES (:actor, :address, :action, :subject, :status, :detail, :requestId)""")
                .param("actor", actor)
                .param("address", address)
                .param("action", action)
                .param("subject", subject)
                .param("status", status)
                .param("detail", cut(detail))
                .param("requestId", requestId)
                .update();
    }

    /** Newest first. */
    public List<AuditEntry> search(AuditFilter filter, long offset, int limit) {
        return matching(filter, "SELECT * " + MATCHING + " ORDER BY id DESC LIMIT :limit OFFSET :offset")
                .param("limit", limit)
                .param("offset", offset)
                .query((row, _) -> entry(row))
                .list();
    }

    /** Newest first, those that are older than one of this id: for reading all of them part by part. */
    public List<AuditEntry> before(AuditFilter filter, long id, int limit) {
        return matching(filter, "SELECT * " + MATCHING + " AND id < :id ORDER BY id DESC LIMIT :limit")
                .param("id", id)
                .param("limit", limit)
                .query((row, _) -> entry(row))
                .list();
    }

    public long count(AuditFilter filter) {
        return matching(filter, "SELECT count(*) " + MATCHING).query(Long.class).single();
    }

    private JdbcClient.StatementSpec matching(AuditFilter filter, String sql) {
        var outcome = filter.outcome();
        var origin = filter.origin();
        return jdbc.sql(sql)
                .param("actor", filter.actor())
                .param("action", filter.action())
                .param("targetType", filter.targetType())
                .param("targetId", filter.targetId())
                .param("outcome", outcome == null ? null : outcome.wireName())
                .param("origin", origin == null ? null : origin.wireName())
                .param("from", at(filter.from()))
                .param("to", at(filter.to()));
    }

    static @Nullable String cut(@Nullable String detail) {
        return detail == null || detail.length() <= LONGEST_DETAIL
                ? detail
                : detail.substring(0, LONGEST_DETAIL - 1) + "…";
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("id"),
                row.getTimestamp("at").toInstant(),
                AuditOrigin.fromWireName(row.getString("origin")),
                row.getString("actor"),
                row.getString("address"),
                row.getString("action"),
                row.getString("target_type"),
                row.getString("target_id"),
                AuditOutcome.fromWireName(row.getString("result")),
                row.getObject("outcome", Integer.class),
                row.getString("detail"),
                row.getString("request_id"));
    }
}
