package io.remotegpu.api.security;

import io.remotegpu.db.user.PersonalTokens;
import io.remotegpu.db.user.RevokedTokens;
import io.remotegpu.db.user.User;
import io.remotegpu.db.user.Users;
import java.time.Clock;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Whether a user, and a login token, are still good; and the one place that hears when they no longer are.
 *
 * <p>Whoever changes a user calls {@link #changed} after the change is committed.
 */
@Component
public class Authorizations {

    private final AuthorizationCache cache;
    private final Users users;
    private final RevokedTokens revokedTokens;
    private final PersonalTokens personalTokens;
    private final Clock clock;

    Authorizations(
            AuthorizationCache cache,
            Users users,
            RevokedTokens revokedTokens,
            PersonalTokens personalTokens,
            Clock clock) {
        this.cache = cache;
        this.users = users;
        this.revokedTokens = revokedTokens;
        this.personalTokens = personalTokens;
        this.clock = clock;
    }

    Optional<UserState> user(long userId) {
        return cache.user(userId, () -> users.findById(userId).map(UserState::of));
    }

    boolean isRevoked(SignedTokens.Claims token) {
        return cache.isRevoked(token.jti(), () -> revokedTokens.contains(token.jti()));
    }

    /** Whether who was let in before would be let in as the same again: for answers that take long. */
    public boolean isStillGood(Caller caller) {
        return user(caller.userId())
                        .filter(UserState::active)
                        .filter(user -> !caller.issuedAt().isBefore(user.tokensValidFrom()))
                        .filter(user -> user.admin() || !caller.admin())
                        .isPresent()
                && isTokenGood(caller);
    }

    private boolean isTokenGood(Caller caller) {
        var login = caller.login();
        if (login != null) {
            return clock.instant().isBefore(login.expiresAt())
                    && !cache.isRevoked(login.jti(), () -> revokedTokens.contains(login.jti()));
        }
        var personal = caller.personalTokenId();
        return personal == null || personalTokens.isGood(personal);
    }

    /** Makes every API process see the user as the database has it now. */
    public void changed(User user) {
        cache.changed(UserState.of(user));
    }

    /** Gives a login token up, for good and everywhere. */
    public void revoke(Caller.Login login) {
        revokedTokens.revoke(login.jti(), login.expiresAt());
        cache.revoked(login.jti(), login.expiresAt());
    }
}
