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
 * Addresses at which payloads are decoded and encoded without any header, for Temporal's UI, which knows no token of ours.
 * Each has the login in it that asked for it, signed for this alone: it is good for nothing else, and ends with that login.
 */
@Component
public class CodecLinks {

    public static final String CODEC = "/api/v1/codec";
    public static final String LINKS = CODEC + "/links";

    private static final String EITHER = "/{way:decode|encode}";

    /** For whoever has a token. */
    private static final PathPatternRequestMatcher BY_TOKEN = post(CODEC + EITHER);

    private static final PathPatternRequestMatcher BY_LINK = post(LINKS + "/{link}" + EITHER);

    private final SignedTokens tokens;

    CodecLinks(InstallationKey key) {
        this.tokens = new SignedTokens(key, "codec-link");
    }

    private static PathPatternRequestMatcher post(String pattern) {
        return PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, pattern);
    }

    /**
     * What comes after {@link #LINKS}, the same for the same login.
     *
     * @param issuedAt when the login was
     */
    public String of(long userId, Caller.Login login, Instant issuedAt) {
        return tokens.sign(new SignedTokens.Claims(userId, login.jti(), issuedAt, login.expiresAt()));
    }

    /** Whose login it is; empty when it is not genuine, or expired. */
    Optional<SignedTokens.Claims> read(String link) {
        return tokens.read(link);
    }

    /** Whether a request wants the codec's work, which changes nothing, although it is a POST. */
    static boolean isCoding(HttpServletRequest request) {
        return BY_TOKEN.matches(request) || BY_LINK.matches(request);
    }

    /** The link that a request comes by; null for one that comes otherwise. */
    static @Nullable String link(HttpServletRequest request) {
        var match = BY_LINK.matcher(request);
        return match.isMatch() ? match.getVariables().get("link") : null;
    }
}
