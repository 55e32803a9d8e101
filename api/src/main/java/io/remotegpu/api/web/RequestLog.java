package io.remotegpu.api.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The outermost filter: gives every request its id, logs one line for it, and writes the audit trail.
 *
 * <p>The line has no query and no headers, because those may carry secrets; nor the parts of a path that may.
 */
final class RequestLog extends OncePerRequestFilter {

    private static final Logger ACCESS = LoggerFactory.getLogger("io.remotegpu.api.access");
    private static final String MDC_KEY = "request_id";

    private static final Pattern LONG_PART = Pattern.compile("[^/]{100,}");

    private final AuditTrail audit;
    private final Problems problems;

    RequestLog(AuditTrail audit, Problems problems) {
        this.audit = audit;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = RequestIds.assign(request);
        response.setHeader(RequestIds.HEADER, id);
        var started = System.nanoTime();
        MDC.put(MDC_KEY, id);
        try {
            var query = request.getQueryString();
            if (query != null && query.contains("%00")) {
                problems.write(
                        request,
                        response,
                        ProblemException.badParameter("query", "must not contain the character U+0000"));
            } else {
                chain.doFilter(request, response);
            }
        } catch (InvalidParameterException unreadable) {
            problems.write(request, response, unreadableQuery());
        } catch (IOException | ServletException | RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            ACCESS.error("{} {} failed", request.getMethod(), path(request), e);
            response.resetBuffer();
            problems.write(request, response, internal());
        } finally {
            ACCESS.info(
                    "{} {} {} {}ms by {} from {}",
                    request.getMethod(),
                    path(request),
                    response.getStatus(),
                    (System.nanoTime() - started) / 1_000_000,
                    Actors.of(request),
                    request.getRemoteAddr());
            audit.record(request, response);
            MDC.remove(MDC_KEY);
        }
    }

    /** As logs may have it: without what is as long as a token, which an address may have as a part of it. */
    static String path(HttpServletRequest request) {
        return LONG_PART.matcher(request.getRequestURI()).replaceAll("…");
    }

    static ProblemException unreadableQuery() {
        return ProblemException.badParameter(
                "query", "cannot be read: encode it as UTF-8, and give every value a name");
    }

    static ProblemException internal() {
        return ProblemException.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal_error",
                "The server failed on this request. Its log says why, under this request's id.");
    }
}
