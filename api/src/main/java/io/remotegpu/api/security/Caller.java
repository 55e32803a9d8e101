package io.remotegpu.api.security;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user who makes a request.
 *
 * @param admin whether this request may administer: the user is an admin, and the token allows it
 * @param login the login token that was presented, or null for a personal token
 */
public record Caller(
        long userId,
        String username,
        boolean admin,
        @Nullable Login login) {

    /** A login token, as far as giving it up needs. */
    public record Login(UUID jti, Instant expiresAt) {}
}
