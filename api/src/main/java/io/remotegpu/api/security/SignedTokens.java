package io.remotegpu.api.security;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import io.remotegpu.db.secret.InstallationKey;
import java.text.ParseException;
import java.time.Instant;
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
 * Signs and reads tokens: JWT, HS256, with a key of the installation, which they name ({@code kid}), for one purpose:
 * those of another are no good. After the key was replaced those of the one before are good until they expire, or it is
 * taken away.
 */
final class SignedTokens {

    private static final String ISSUER = "remotegpu";
    // iat has whole seconds; a login right after a password change needs finer ones.
    private static final String ISSUED_AT_MILLIS = "iat_ms";

    private final JwtEncoder encoder;
    /** By which key says it was; one that says nothing is from before keys could be replaced, and may be of any. */
    private final Map<String, JwtDecoder> decoders = new LinkedHashMap<>();

    private final String keyId;

    SignedTokens(InstallationKey key, String purpose) {
        this.keyId = key.id();
        this.encoder = new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(
                new OctetSequenceKey.Builder(secret(key, purpose)).keyID(keyId).build())));
        Stream.concat(Stream.of(key), key.others().stream())
                .forEach(one -> decoders.put(
                        one.id(),
                        NimbusJwtDecoder.withSecretKey(secret(one, purpose))
                                .macAlgorithm(MacAlgorithm.HS256)
                                .build()));
    }

    private static SecretKey secret(InstallationKey key, String purpose) {
        return new SecretKeySpec(key.derive(purpose), "HmacSHA256");
    }

    /** What a token says; whether it was revoked is not known here. */
    record Claims(long userId, UUID jti, Instant issuedAt, Instant expiresAt) {}

    String sign(Claims claims) {
        var set = JwtClaimsSet.builder()
                .issuer(ISSUER)
                .subject(Long.toString(claims.userId()))
                .id(claims.jti().toString())
                .issuedAt(claims.issuedAt())
                .claim(ISSUED_AT_MILLIS, claims.issuedAt().toEpochMilli())
                .expiresAt(claims.expiresAt())
                .build();
        var header = JwsHeader.with(MacAlgorithm.HS256).keyId(keyId).build();
        return encoder.encode(JwtEncoderParameters.from(header, set)).getTokenValue();
    }

    /** Empty when it is not genuine, or expired. */
    Optional<Claims> read(String token) {
        try {
            var jwt = decode(token);
            var expires = jwt.getExpiresAt();
            var issued = jwt.getClaim(ISSUED_AT_MILLIS);
            if (!ISSUER.equals(jwt.getClaimAsString("iss")) || expires == null || !(issued instanceof Number millis)) {
                return Optional.empty();
            }
            return Optional.of(new Claims(
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
