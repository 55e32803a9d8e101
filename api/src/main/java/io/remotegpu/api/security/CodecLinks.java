package io.remotegpu.api.security;

import io.remotegpu.db.secret.InstallationKey;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.stereotype.Component;

/**
 * Addresses at which payloads are decoded without any header, for Temporal's UI, which knows no token of ours. Each has
 * the login in it that asked for it, signed for this alone: it is good for decoding and nothing else, and ends with that
 * login.
 */
@Component
public class CodecLinks {

    /** For whoever has a token. */
    public static final String DECODE = "/api/v1/codec/decode";

    public static final String LINKS = "/api/v1/codec/links";
    public static final String DECODE_BY_LINK = LINKS + "/{link}/decode";

    private static final PathPatternRequestMatcher BY_TOKEN = post(DECODE);
    private static final PathPatternRequestMatcher BY_LINK = post(DECODE_BY_LINK);

    private final SignedTokens tokens;

    CodecLinks(InstallationKey key) {
        this.tokens = new SignedTokens(key, "codec-link");
    }

    private static PathPatternRequestMatcher post(String pattern) {
        return PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, pattern);
    }

    /** What comes after {@link #LINKS}; the same for the same login. */
    public String of(long userId, Caller.Login login, Instant issuedAt) {
        return tokens.sign(new SignedTokens.Claims(userId, login.jti(), issuedAt, login.expiresAt()));
    }

    /** Whose login it is; empty when it is not genuine, or expired. */
    Optional<SignedTokens.Claims> read(String link) {
        return tokens.read(link);
    }

    /** Whether it is about decoding: which changes nothing, although it is a POST. */
    static boolean isDecoding(HttpServletRequest request) {
        return BY_TOKEN.matches(request) || BY_LINK.matches(request);
    }

    /** The link that a request comes by; null for one that comes otherwise. */
    static @Nullable String link(HttpServletRequest request) {
        var match = BY_LINK.matcher(request);
        return match.isMatch() ? match.getVariables().get("link") : null;
    }
}
