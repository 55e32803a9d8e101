package io.remotegpu.db.user;

import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Login tokens that were given up before they expired; forgotten once they would be refused anyway. */
@Repository
public class RevokedTokens {

    private final JdbcClient jdbc;

    RevokedTokens(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Revokes a token for good; revoking it again changes nothing. Whether it was this call that did: of many at once, one. */
    public boolean revoke(UUID jti, Instant expiresAt) {
        var revoked = jdbc.sql(
                        "INSERT INTO revoked_tokens (jti, expires_at) VALUES (?, to_timestamp(?)) ON CONFLICT DO NOTHING")
                .params(jti, expiresAt.getEpochSecond())
                .update();
        jdbc.sql("DELETE FROM revoked_tokens WHERE expires_at < now() - interval '1 day'")
                .update();
        return revoked == 1;
    }

    public boolean contains(UUID jti) {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM revoked_tokens WHERE jti = ?)")
                .param(jti)
                .query(Boolean.class)
                .single();
    }
}
