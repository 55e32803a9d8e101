package io.remotegpu.api.security;

import io.remotegpu.db.user.User;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What every request needs to know of its user.
 *
 * @param tokensValidFrom tokens issued before this moment are refused
 * @param version grows with every change; the newer of two states is the true one
 */
record UserState(long userId, String username, boolean active, boolean admin, Instant tokensValidFrom, long version) {

    static UserState of(User user) {
        return new UserState(
                user.id(),
                user.username(),
                user.active(),
                user.admin(),
                user.tokensValidFrom(),
                ChronoUnit.MICROS.between(Instant.EPOCH, user.updatedAt()));
    }
}
