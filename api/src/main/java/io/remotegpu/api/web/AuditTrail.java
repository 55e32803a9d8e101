package io.remotegpu.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/**
 * One row for each request that changes something, or tried to: who, from where, which route, on what, with which
 * outcome.
 *
 * <p>Left out is what hosts' agents say and it went well, which is no one's change, or another agent has their host,
 * which a second one may ask every few seconds; and anonymous requests that no controller saw
 * or that were refused unread: anybody could fill the table with those.
 */
@Component
public class AuditTrail {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");
    private static final Set<Integer> UNREAD = Set.of(400, 415, 422, 429);
    private static final int CONFLICT = 409;
    private static final String SUBJECT = AuditTrail.class.getName();
    private static final String LEFT_OUT = SUBJECT + ".leftOut";

    private final JdbcClient jdbc;

    AuditTrail(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Says what a request is about, where its path does not: {@code "user/12"}. */
    public static void subject(HttpServletRequest request, String subject) {
        request.setAttribute(SUBJECT, subject);
    }

    /** Refused unread, because there were too many: whoever floods the server must not flood the table. */
    public static void leaveOut(HttpServletRequest request) {
        request.setAttribute(LEFT_OUT, true);
    }

    void record(HttpServletRequest request, HttpServletResponse response) {
        var route = (String) request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        var actor = Actors.of(request);
        if (!CHANGING.contains(request.getMethod())
                || request.getAttribute(LEFT_OUT) != null
                || (actor.equals(Actors.ANONYMOUS) && (route == null || UNREAD.contains(response.getStatus())))
                || (actor.startsWith("host:") && (response.getStatus() < 400 || response.getStatus() == CONFLICT))) {
            return;
        }
        try {
            jdbc.sql("""
                            INSERT INTO audit_log (actor, address, action, subject, outcome, request_id)
                            VALUES (:actor, :address, :action, :subject, :outcome, :requestId)""")
                    .param("actor", actor)
                    .param("address", request.getRemoteAddr())
                    .param("action", request.getMethod() + " " + (route == null ? "(no route)" : route))
                    .param("subject", subjectOf(request))
                    .param("outcome", response.getStatus())
                    .param("requestId", RequestIds.of(request))
                    .update();
        } catch (DataAccessException e) {
            LOG.error("{} {} by {} could not be written to the audit log", request.getMethod(), route, actor, e);
        }
    }

    private static @Nullable String subjectOf(HttpServletRequest request) {
        if (request.getAttribute(SUBJECT) instanceof String subject) {
            return subject;
        }
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                && !variables.isEmpty()) {
            var subject = variables.values().stream().map(String::valueOf).collect(Collectors.joining("/"));
            return subject.length() > 200 ? subject.substring(0, 200) : subject.replace("\0", "");
        }
        return null;
    }
}
