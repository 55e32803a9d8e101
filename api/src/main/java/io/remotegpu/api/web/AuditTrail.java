package io.remotegpu.api.web;

import io.remotegpu.db.audit.AuditLog;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * One row for each request that changes something, or tried to: who, from where, which route, on what, with which
 * outcome. The outermost filter calls it, so no route can be without; controllers only say more.
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
    private static final String DETAIL = SUBJECT + ".detail";
    private static final String CODE = SUBJECT + ".code";
    private static final String CHANGES = SUBJECT + ".changes";
    private static final String LEFT_OUT = SUBJECT + ".leftOut";

    private final AuditLog log;
    private final AuditedRoutes routes;

    AuditTrail(AuditLog log, AuditedRoutes routes) {
        this.log = log;
        this.routes = routes;
    }

    /** Says what a request is about, where its path does not: {@code "user/12"}. */
    public static void subject(HttpServletRequest request, String subject) {
        request.setAttribute(SUBJECT, subject);
    }

    /** Says what it asks for, in a few words, where the route does not: {@code "role admin"}. Never a secret. */
    public static void detail(HttpServletRequest request, String detail) {
        request.setAttribute(DETAIL, detail);
    }

    /** Says that a request changes something, although its method does not say so: a browser that comes back from elsewhere. */
    public static void change(HttpServletRequest request) {
        request.setAttribute(CHANGES, true);
    }

    /** Says with which problem it is answered. */
    static void problem(HttpServletRequest request, String code) {
        request.setAttribute(CODE, code);
    }

    /** Refused unread, because there were too many: whoever floods the server must not flood the table. */
    public static void leaveOut(HttpServletRequest request) {
        request.setAttribute(LEFT_OUT, true);
    }

    void record(HttpServletRequest request, HttpServletResponse response) {
        var changing = CHANGING.contains(request.getMethod()) || request.getAttribute(CHANGES) != null;
        if (!changing || request.getAttribute(LEFT_OUT) != null) {
            return;
        }
        var actor = Actors.of(request);
        var status = response.getStatus();
        var anonymous = actor.equals(Actors.ANONYMOUS);
        // What security refused never came to a controller, and yet had a route. Anonymous ones are left out then.
        var route = AuditedRoutes.handled(request).or(() -> anonymous ? Optional.empty() : routes.find(request));
        if ((anonymous && (route.isEmpty() || UNREAD.contains(status)))
                || (actor.startsWith("host:") && (status < 400 || status == CONFLICT))) {
            return;
        }
        var action = request.getMethod() + " "
                + route.map(AuditedRoutes.Route::pattern).orElse("(no route)");
        var subject = request.getAttribute(SUBJECT) instanceof String said
                ? said
                : route.map(found -> found.subject(Actors.subject(request))).orElse(null);
        var detail = detail(request, status);
        try {
            log.answered(actor, request.getRemoteAddr(), action, subject, status, detail, RequestIds.of(request));
        } catch (DataAccessException | TransactionException e) {
            // So that at least the server's log has it.
            LOG.error(
                    "not in the audit log, because the database does not take it: {} by {} from {} on {}: {} {} ({})",
                    action,
                    actor,
                    request.getRemoteAddr(),
                    subject,
                    status,
                    detail,
                    RequestIds.of(request),
                    e);
        }
    }

    private static @Nullable String detail(HttpServletRequest request, int status) {
        var asked = (String) request.getAttribute(DETAIL);
        var code = status < 400 ? null : (String) request.getAttribute(CODE);
        return asked == null || code == null ? (asked == null ? code : asked) : code + "; " + asked;
    }
}
