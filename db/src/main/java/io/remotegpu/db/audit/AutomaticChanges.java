package io.remotegpu.db.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Writes down in the audit what the system changed by itself. Call it in the transaction that makes the change, and only when
 * something did change: so the entry is there exactly when the change is, and a repeated step writes none.
 */
@Component
public class AutomaticChanges {

    /** Who acts when nobody asked: the parts of the system that change things by themselves. */
    public static final String RECONCILER = "reconciler";

    public static final String HOST_WATCH = "host-watch";
    public static final String QUEUE = "queue";
    public static final String IDLE_REAPER = "idle-reaper";
    /** What is stopped, started and deleted because its time has come. */
    public static final String TIMETABLE = "timetable";
    /** The end of what a user ran who was deactivated. */
    public static final String DEACTIVATION = "deactivation";
    /** The workflow of an operation that somebody asked for, and that did not come to the end that they wanted. */
    public static final String WORKFLOW = "workflow";

    private final JdbcClient jdbc;

    public AutomaticChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One change of an environment.
     *
     * @param actor which part of the system; one of the above, {@code host:<id>}, or one of your own
     * @param action what was done, in a few words that stay the same: {@code "environment failed"}
     * @param detail why, or how; no secrets
     */
    public void ofEnvironment(String actor, String action, UUID id, @Nullable String detail) {
        of(actor, action, "environment/" + id, detail);
    }

    /** One change of a host. */
    public void ofHost(String actor, String action, String id, @Nullable String detail) {
        of(actor, action, "host/" + id, detail);
    }

    /** One change of a GPU. */
    public void ofGpu(String actor, String action, long id, @Nullable String detail) {
        of(actor, action, "gpu/" + id, detail);
    }

    /**
     * One change of anything.
     *
     * @param subject {@code <type>/<id>}, the type in the singular
     */
    public void of(String actor, String action, String subject, @Nullable String detail) {
        jdbc.sql("""
                        INSERT INTO audit_log (origin, actor, action, subject, detail)
                        VALUES ('automatic', :actor, :action, :subject, :detail)""")
                .param("actor", actor)
                .param("action", action)
                .param("subject", subject)
                .param("detail", AuditLog.cut(detail))
                .update();
    }
}
