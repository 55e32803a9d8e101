package io.remotegpu.api.user;

import io.remotegpu.db.user.User;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An account as answers show it. */
@Schema(name = "User", description = "An account")
record UserView(
        @Schema(example = "1") long id,
        @Schema(example = "test") String username,
        @Schema(example = "test@example.com") String email,

        @Schema(
                allowableValues = {"user", "admin"},
                example = "user")
        String role,

        @Schema(
                allowableValues = {"active", "inactive"},
                example = "active")
        String status,

        @Nullable Instant lastLoginAt,
        Instant createdAt,
        Instant updatedAt) {

    static UserView of(User user) {
        return new UserView(
                user.id(),
                user.username(),
                user.email(),
                user.role().wireName(),
                user.status().wireName(),
                user.lastLoginAt(),
                user.createdAt(),
                user.updatedAt());
    }
}
