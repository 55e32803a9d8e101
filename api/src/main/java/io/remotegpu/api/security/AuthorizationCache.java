package io.remotegpu.api.security;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Remembers for a few seconds what every request would otherwise ask the database.
 *
 * <p>What {@link #changed} and {@link #revoked} say is seen at once by everybody who shares the cache: this process, or
 * with Redis every process. A change is never overwritten by what was read before it.
 */
interface AuthorizationCache {

    /** The user's state; loaded where it is not known, and remembered. Empty, and not remembered, for an unknown user. */
    Optional<UserState> user(long userId, Supplier<Optional<UserState>> load);

    /** Whether the token was given up; loaded where it is not known, and remembered. */
    boolean isRevoked(UUID jti, BooleanSupplier load);

    /** The user's state after a change was committed. */
    void changed(UserState state);

    /** The token was given up, and that is committed. */
    void revoked(UUID jti, Instant expiresAt);
}
