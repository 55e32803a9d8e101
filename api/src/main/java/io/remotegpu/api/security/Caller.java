package io.remotegpu.api.security;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user who makes a request.
 *
 * @param admin whether this request may administer: the user is an admin, and the token allows it
 * @param issuedAt when the presented token was made
 * @param login the login token that was presented, or null for a personal token
 * @param personalTokenId the personal token that was presented, or null for a login
 */
public record Caller(
        long userId,
        String username,
        boolean admin,
        Instant issuedAt,
        @Nullable Login login,
        @Nullable Long personalTokenId) {

    /** A login token, as far as giving it up needs. */
    public record Login(UUID jti, Instant expiresAt) {}
}
