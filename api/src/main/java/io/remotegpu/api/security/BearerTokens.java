package io.remotegpu.api.security;

import io.remotegpu.api.web.Actors;
import io.remotegpu.db.user.PersonalTokens;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.stereotype.Component;

/** Turns a presented token into who is calling: a login, a personal token, or a host's token. */
@Component
class BearerTokens {

    private final LoginTokens loginTokens;
    private final CodecLinks codecLinks;
    private final PersonalTokens personalTokens;
    private final HostTokens hostTokens;
    private final Authorizations authorizations;
    private final Clock clock;

    BearerTokens(
            LoginTokens loginTokens,
            CodecLinks codecLinks,
            PersonalTokens personalTokens,
            HostTokens hostTokens,
            Authorizations authorizations,
            Clock clock) {
        this.loginTokens = loginTokens;
        this.codecLinks = codecLinks;
        this.personalTokens = personalTokens;
        this.hostTokens = hostTokens;
        this.authorizations = authorizations;
        this.clock = clock;
    }

    /** Whether only the database knows if the token is any good: it is not signed. */
    static boolean mustBeLookedUp(String token) {
        return token.startsWith(Tokens.HOST) || token.startsWith(Tokens.PERSONAL);
    }

    /** Empty when the token is good for nothing. */
    Optional<Authentication> authenticate(HttpServletRequest request, String token) {
        if (token.startsWith(Tokens.HOST)) {
            return hostTokens.hostOf(Tokens.hash(token)).map(hostId -> host(request, hostId));
        }
        if (token.startsWith(Tokens.PERSONAL)) {
            return personal(request, token);
        }
        return loginTokens.read(token).flatMap(login -> login(request, login, EnumSet.allOf(Scope.class)));
    }

    /** Who made the link by which a request for the codec comes; empty when it, or the login it was made with, is over. */
    Optional<Authentication> link(HttpServletRequest request, String link) {
        return codecLinks.read(link).flatMap(login -> login(request, login, EnumSet.of(Scope.READ, Scope.ADMIN)));
    }

    private Optional<Authentication> login(HttpServletRequest request, SignedTokens.Claims login, Set<Scope> scopes) {
        if (authorizations.isRevoked(login)) {
            return Optional.empty();
        }
        var token = new Caller.Login(login.jti(), login.expiresAt());
        return user(request, login.userId(), login.issuedAt(), scopes, token, null);
    }

    private Optional<Authentication> personal(HttpServletRequest request, String token) {
        var found = personalTokens.findByTokenHash(Tokens.hash(token));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var personal = found.get();
        if (personal.expiresAt() != null && !clock.instant().isBefore(personal.expiresAt())) {
            return Optional.empty();
        }
        personalTokens.used(personal.id());
        var scopes = personal.scopes().stream().map(Scope::fromWireName).collect(Collectors.toSet());
        return user(request, personal.userId(), personal.createdAt(), scopes, null, personal.id());
    }

    private Optional<Authentication> user(
            HttpServletRequest request,
            long userId,
            Instant issuedAt,
            Set<Scope> scopes,
            Caller.@Nullable Login login,
            @Nullable Long personalTokenId) {
        return authorizations
                .user(userId)
                .filter(UserState::active)
                .filter(user -> !issuedAt.isBefore(user.tokensValidFrom()))
                .map(user -> {
                    Actors.set(request, user.username(), "user/" + userId);
                    var admin = user.admin() && scopes.contains(Scope.ADMIN);
                    var authorities = new ArrayList<GrantedAuthority>();
                    scopes.forEach(scope -> authorities.add(new SimpleGrantedAuthority("SCOPE_" + scope.wireName())));
                    authorities.add(new SimpleGrantedAuthority("ROLE_USER"));
                    if (admin) {
                        authorities.add(new SimpleGrantedAuthority("ROLE_ADMIN"));
                    }
                    return authenticated(
                            new Caller(userId, user.username(), admin, issuedAt, login, personalTokenId), authorities);
                });
    }

    private static Authentication host(HttpServletRequest request, String hostId) {
        Actors.set(request, "host:" + hostId);
        return authenticated(new HostCaller(hostId), List.of(new SimpleGrantedAuthority("ROLE_HOST")));
    }

    private static Authentication authenticated(Object principal, List<GrantedAuthority> authorities) {
        return UsernamePasswordAuthenticationToken.authenticated(principal, null, authorities);
    }
}
