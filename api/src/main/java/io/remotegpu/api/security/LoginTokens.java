package io.remotegpu.api.security;

import io.remotegpu.db.secret.InstallationKey;
import io.remotegpu.db.user.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Makes and reads the tokens that a login hands out. */
public final class LoginTokens {

    private final SignedTokens tokens;
    private final Duration lifetime;
    private final Clock clock;

    LoginTokens(InstallationKey key, Duration lifetime, Clock clock) {
        this.tokens = new SignedTokens(key, "jwt");
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** A token that was just made. */
    public record Issued(String token, Instant expiresAt) {

        @Override
        public String toString() {
            return "Issued[until " + expiresAt + "]";
        }
    }

    public Issued issue(User user) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var expires = now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
        return new Issued(tokens.sign(new SignedTokens.Claims(user.id(), UUID.randomUUID(), now, expires)), expires);
    }

    /** Empty when it is not genuine, or expired. */
    Optional<SignedTokens.Claims> read(String token) {
        return tokens.read(token);
    }
}
