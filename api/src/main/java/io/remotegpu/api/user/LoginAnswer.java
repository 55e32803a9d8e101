package io.remotegpu.api.user;

import io.remotegpu.api.security.LoginTokens;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

/** A fresh login token. */
@Schema(name = "Login", description = "Send it as 'Authorization: Bearer <token>'")
public record LoginAnswer(
        @Schema(example = "eyJhbGciOiJIUzI1NiJ9…") String token,
        @Schema(example = "Bearer") String tokenType,
        Instant expiresAt) {

    public static LoginAnswer of(LoginTokens.Issued issued) {
        return new LoginAnswer(issued.token(), "Bearer", issued.expiresAt());
    }

    @Override
    public String toString() {
        return "LoginAnswer[until " + expiresAt + "]";
    }
}
