package io.remotegpu.db.user;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An account.
 *
 * @param username unique without regard to case
 * @param email unique without regard to case
 * @param passwordHash bcrypt, or {@link #NO_PASSWORD}
 * @param tokensValidFrom tokens issued before this moment are refused
 */
@Table("users")
public record User(
        @Id long id,
        String username,
        String email,
        String passwordHash,
        Role role,
        UserStatus status,
        Instant tokensValidFrom,
        @Nullable Instant lastLoginAt,
        Instant createdAt,
        Instant updatedAt) {

    /** The hash of no password: of accounts that log in at a provider. */
    public static final String NO_PASSWORD = "!";

    public boolean hasPassword() {
        return !passwordHash.equals(NO_PASSWORD);
    }

    public boolean active() {
        return status == UserStatus.ACTIVE;
    }

    public boolean admin() {
        return role == Role.ADMIN;
    }

    @Override
    public String toString() {
        return "User[" + id + " " + username + "]";
    }
}
