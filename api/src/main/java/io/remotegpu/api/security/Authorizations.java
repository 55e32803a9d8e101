package io.remotegpu.api.security;

import io.remotegpu.db.user.RevokedTokens;
import io.remotegpu.db.user.User;
import io.remotegpu.db.user.Users;
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

    Authorizations(AuthorizationCache cache, Users users, RevokedTokens revokedTokens) {
        this.cache = cache;
        this.users = users;
        this.revokedTokens = revokedTokens;
    }

    Optional<UserState> user(long userId) {
        return cache.user(userId, () -> users.findById(userId).map(UserState::of));
    }

    boolean isRevoked(LoginTokens.Read token) {
        return cache.isRevoked(token.jti(), () -> revokedTokens.contains(token.jti()));
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
