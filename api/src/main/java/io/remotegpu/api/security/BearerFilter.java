package io.remotegpu.api.security;

import io.remotegpu.api.web.Problems;
import io.remotegpu.api.web.StatusProblems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Reads {@code Authorization: Bearer}. A token that is no good leaves the request anonymous. */
final class BearerFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(BearerFilter.class);
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 4096;

    private final BearerTokens tokens;
    private final Problems problems;

    BearerFilter(BearerTokens tokens, Problems problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var header = request.getHeader("Authorization");
        if (header != null && header.length() <= LONGEST && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            try {
                tokens.authenticate(request, header.substring(SCHEME.length()).strip())
                        .ifPresent(who -> {
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

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        // The second half of an event stream is authorized again, and needs to know who it is.
        return false;
    }
}
