package io.remotegpu.api.security;

import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Problems;
import io.remotegpu.api.web.StatusProblems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads {@code Authorization: Bearer}, or the link by which a request for the codec comes. A token that is no good leaves
 * the request anonymous.
 */
final class BearerFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(BearerFilter.class);
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 4096;

    private final BearerTokens tokens;
    private final RateLimits limits;
    private final Problems problems;

    BearerFilter(BearerTokens tokens, RateLimits limits, Problems problems) {
        this.tokens = tokens;
        this.limits = limits;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (CodecLinks.isCoding(request)) {
            // Reading is not in the audit log, and here it comes by the hundred; nor is the log to have links.
            AuditTrail.leaveOut(request);
        }
        var link = CodecLinks.link(request);
        var token = link == null ? token(request) : link;
        if (token != null) {
            if (link == null && BearerTokens.mustBeLookedUp(token) && limits.isSpent(request.getRemoteAddr())) {
                // Whoever guesses tokens has had their share of the database.
                chain.doFilter(request, response);
                return;
            }
            try {
                var found = link == null ? tokens.authenticate(request, token) : tokens.link(request, link);
                found.ifPresent(who -> {
                    var context = SecurityContextHolder.createEmptyContext();
                    context.setAuthentication(who);
                    SecurityContextHolder.setContext(context);
                });
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("The database does not answer: {}", e.toString());
                problems.write(request, response, StatusProblems.databaseUnavailable());
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private static @Nullable String token(HttpServletRequest request) {
        var header = request.getHeader("Authorization");
        return header != null && header.length() <= LONGEST && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        // The second half of an event stream is authorized again, and needs to know who it is.
        return false;
    }
}
