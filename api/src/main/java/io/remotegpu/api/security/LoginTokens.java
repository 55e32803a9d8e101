package io.remotegpu.api.security;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import io.remotegpu.db.secret.InstallationKey;
import io.remotegpu.db.user.User;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * Makes and reads the tokens that a login hands out: JWT, HS256, signed with a key of the installation, which they name
 * ({@code kid}). After the key was replaced those of the one before are good until they expire, or it is taken away.
 */
public final class LoginTokens {

    private static final String ISSUER = "remotegpu";
    // iat has whole seconds; a login right after a password change needs finer ones.
    private static final String ISSUED_AT_MILLIS = "iat_ms";

    private final JwtEncoder encoder;
    /** By which key says it was; one that says nothing is from before keys could be replaced, and may be of any. */
    private final Map<String, JwtDecoder> decoders = new LinkedHashMap<>();

    private final String keyId;
    private final Duration lifetime;
    private final Clock clock;

    LoginTokens(InstallationKey key, Duration lifetime, Clock clock) {
        this.keyId = key.id();
        this.encoder = new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(
                new OctetSequenceKey.Builder(secret(key)).keyID(keyId).build())));
        Stream.concat(Stream.of(key), key.others().stream())
                .forEach(one -> decoders.put(
                        one.id(),
                        NimbusJwtDecoder.withSecretKey(secret(one))
                                .macAlgorithm(MacAlgorithm.HS256)
                                .build()));
        this.lifetime = lifetime;
        this.clock = clock;
    }

    private static SecretKey secret(InstallationKey key) {
        return new SecretKeySpec(key.derive("jwt"), "HmacSHA256");
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
        var header = JwsHeader.with(MacAlgorithm.HS256).keyId(keyId).build();
        return new Issued(
                encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue(), expires);
    }

    Optional<Read> read(String token) {
        try {
            var jwt = decode(token);
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
        } catch (JwtException | ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Jwt decode(String token) throws ParseException {
        var named = JWSObject.parse(token).getHeader().getKeyID();
        if (named != null) {
            var decoder = decoders.get(named);
            if (decoder == null) {
                throw new BadJwtException("signed with a key that is not here");
            }
            return decoder.decode(token);
        }
        JwtException refusal = new BadJwtException("signed with none of our keys");
        for (var decoder : decoders.values()) {
            try {
                return decoder.decode(token);
            } catch (JwtException e) {
                refusal = e;
            }
        }
        throw refusal;
    }
}
