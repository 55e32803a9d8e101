package io.remotegpu.api.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** A user whose token has the scope that the request's method needs; for administration, an admin's. */
final class Access {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    static final AuthorizationManager<RequestAuthorizationContext> OF_SCOPE =
            (who, what) -> new AuthorizationDecision(mayAs(who.get(), what, "ROLE_USER"));

    static final AuthorizationManager<RequestAuthorizationContext> OF_ADMIN =
            (who, what) -> new AuthorizationDecision(mayAs(who.get(), what, "ROLE_ADMIN"));

    /** For what changes nothing, whatever its method says. */
    static final AuthorizationManager<RequestAuthorizationContext> OF_READING_ADMIN =
            (who, what) -> new AuthorizationDecision(may(who.get(), "ROLE_ADMIN", "SCOPE_read"));

    private static boolean mayAs(@Nullable Authentication who, RequestAuthorizationContext what, String role) {
        return may(who, role, READING.contains(what.getRequest().getMethod()) ? "SCOPE_read" : "SCOPE_write");
    }

    private static boolean may(@Nullable Authentication who, String role, String scope) {
        return who != null && has(who, role) && has(who, scope);
    }

    private static boolean has(Authentication who, String authority) {
        for (GrantedAuthority granted : who.getAuthorities()) {
            if (authority.equals(granted.getAuthority())) {
                return true;
            }
        }
        return false;
    }

    private Access() {}
}
