package io.remotegpu.api.security;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.remotegpu.db.user.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** Makes and reads the tokens that a login hands out: JWT, HS256, signed with a key of the installation. */
public final class LoginTokens {

    private static final String ISSUER = "remotegpu";
    // iat has whole seconds; a login right after a password change needs finer ones.
    private static final String ISSUED_AT_MILLIS = "iat_ms";

    private final JwtEncoder encoder;
    private final JwtDecoder decoder;
    private final Duration lifetime;
    private final Clock clock;

    LoginTokens(SecretKey key, Duration lifetime, Clock clock) {
        this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(key));
        this.decoder = NimbusJwtDecoder.withSecretKey(key)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
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

    /** A token that is genuine and not expired; whether it was revoked is not known here. */
    record Read(long userId, UUID jti, Instant issuedAt, Instant expiresAt) {}

    public Issued issue(User user) {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var expires = now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS);
        var claims = JwtClaimsSet.builder()
                .issuer(ISSUER)
                .subject(Long.toString(user.id()))
                .id(UUID.randomUUID().toString())
                .issuedAt(now)
                .claim(ISSUED_AT_MILLIS, now.toEpochMilli())
                .expiresAt(expires)
                .build();
        var header = JwsHeader.with(MacAlgorithm.HS256).build();
        return new Issued(
                encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue(), expires);
    }

    Optional<Read> read(String token) {
        try {
            var jwt = decoder.decode(token);
            var expires = jwt.getExpiresAt();
            var issued = jwt.getClaim(ISSUED_AT_MILLIS);
            if (!ISSUER.equals(jwt.getClaimAsString("iss")) || expires == null || !(issued instanceof Number millis)) {
                return Optional.empty();
            }
            return Optional.of(new Read(
                    Long.parseLong(jwt.getSubject()),
                    UUID.fromString(jwt.getId()),
                    Instant.ofEpochMilli(millis.longValue()),
                    expires));
        } catch (JwtException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
