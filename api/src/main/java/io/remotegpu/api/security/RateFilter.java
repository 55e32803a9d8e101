package io.remotegpu.api.security;

import io.micrometer.core.instrument.MeterRegistry;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.api.web.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 429 to whoever asks too often, and tells everybody where they stand, in the fields of
 * draft-ietf-httpapi-ratelimit-headers-10.
 *
 * <p>Runs when it is known who asks: users behind one address do not take from each other, and a user does not get more
 * by asking from many.
 */
final class RateFilter extends OncePerRequestFilter {

    private static final Set<String> LOGINS = Set.of("/api/v1/users/login", "/api/v1/users/register");
    private static final String LOGIN_AT_PROVIDER = "/api/v1/users/login/oidc";
    private static final String HEALTH = "/actuator/health";

    private final RateLimits limits;
    private final Problems problems;
    private final MeterRegistry metrics;

    RateFilter(RateLimits limits, Problems problems, MeterRegistry metrics) {
        this.limits = limits;
        this.problems = problems;
        this.metrics = metrics;
    }

    /** Whoever watches over this process must hear of it, however busy their address is. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !limits.enabled() || request.getServletPath().startsWith(HEALTH);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var standings = standings(request);
        response.setHeader(
                "RateLimit-Policy", standings.stream().map(RateFilter::policy).collect(Collectors.joining(", ")));
        response.setHeader("RateLimit", standings.stream().map(RateFilter::left).collect(Collectors.joining(", ")));
        var exceeded = standings.stream()
                .filter(RateLimits.Standing::exceeded)
                .max(Comparator.comparing(RateLimits.Standing::pause));
        if (exceeded.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        metrics.counter("remotegpu.requests.limited", "policy", exceeded.get().policy())
                .increment();
        AuditTrail.leaveOut(request);
        problems.write(request, response, problem(exceeded.get()));
    }

    /** By the decoded path, as routes are found: another spelling of it must not come past. */
    private List<RateLimits.Standing> standings(HttpServletRequest request) {
        var standings = new ArrayList<RateLimits.Standing>();
        var who = SecurityContextHolder.getContext().getAuthentication();
        standings.add(
                switch (who == null ? null : who.getPrincipal()) {
                    case Caller user -> limits.ofUser("user:" + user.userId());
                    case HostCaller host -> limits.ofUser("host:" + host.hostId());
                    case null, default -> limits.ofAddress(request.getRemoteAddr());
                });
        var path = request.getServletPath();
        if (path.startsWith(LOGIN_AT_PROVIDER) || (request.getMethod().equals("POST") && LOGINS.contains(path))) {
            standings.add(limits.ofLogins(request.getRemoteAddr()));
        }
        return standings;
    }

    private static ProblemException problem(RateLimits.Standing standing) {
        return ProblemException.tryLater(
                HttpStatus.TOO_MANY_REQUESTS,
                "rate_limited",
                "Too many requests: %s may make %d in %s. Try again in %d s."
                        .formatted(
                                switch (standing.policy()) {
                                    case "user" -> "one user";
                                    case "login" -> "one address, to log in and to register,";
                                    default -> "one address, without a token,";
                                },
                                standing.quota(),
                                shown(standing.window()),
                                seconds(standing.pause())),
                standing.pause());
    }

    private static String policy(RateLimits.Standing standing) {
        return "\"%s\";q=%d;w=%d".formatted(standing.policy(), standing.quota(), seconds(standing.window()));
    }

    private static String left(RateLimits.Standing standing) {
        return "\"%s\";r=%d;t=%d".formatted(standing.policy(), standing.remaining(), seconds(standing.full()));
    }

    private static String shown(Duration window) {
        var seconds = seconds(window);
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    private static long seconds(Duration time) {
        return time.plusMillis(999).toSeconds();
    }
}
