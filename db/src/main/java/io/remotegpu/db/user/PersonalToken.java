package io.remotegpu.db.user;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A token for scripts.
 *
 * @param tokenHash SHA-256 of the token, in hexadecimal; the token itself is stored nowhere
 * @param scopes some of {@code read}, {@code write}, {@code admin}
 * @param expiresAt from when on it is refused, or never
 */
@Table("personal_tokens")
public record PersonalToken(
        @Id long id,
        long userId,
        String name,
        String tokenHash,
        Set<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        Instant createdAt) {

    @Override
    public String toString() {
        return "PersonalToken[" + id + " of user " + userId + "]";
    }
}
