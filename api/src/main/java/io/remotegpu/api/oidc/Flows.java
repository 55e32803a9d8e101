package io.remotegpu.api.oidc;

import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.secret.SecretBox;
import io.remotegpu.db.user.RevokedTokens;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/** Logins under way, each in a cookie of its browser, each good for one answer of the provider. */
@Component
class Flows {

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final SecretBox box;
    private final RevokedTokens used;
    private final Clock clock;
    private final boolean https;
    private final String cookie;

    Flows(SecretBox box, RevokedTokens used, Clock clock, OidcProperties settings) {
        this.box = box;
        this.used = used;
        this.clock = clock;
        this.https = settings.overHttps();
        // With this prefix no neighbour in our domain can plant a flow of theirs; browsers take it over HTTPS only.
        this.cookie = https ? "__Host-remotegpu-login" : "remotegpu-login";
    }

    /** What the browser has to keep until it comes back. */
    ResponseCookie begin(OAuth2AuthorizationRequest request) {
        String state = request.getState();
        String nonce = request.getAttribute(OidcParameterNames.NONCE);
        String verifier = request.getAttribute(PkceParameterNames.CODE_VERIFIER);
        if (state == null || nonce == null || verifier == null) {
            throw new IllegalStateException("a login must have a state, a nonce and a code verifier");
        }
        var expires = clock.instant().plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS);
        var flow = new Flow(UUID.randomUUID(), expires, state, nonce, verifier);
        return cookie(flow.seal(box), LIFETIME);
    }

    /** Makes the browser forget it. */
    ResponseCookie forget() {
        return cookie("", Duration.ZERO);
    }

    /**
     * The flow that a browser comes back with; never again.
     *
     * @param state which the provider's answer has
     * @throws ProblemException 400 when this browser has not begun it, or it was used or is too old
     */
    Flow take(HttpServletRequest request, @Nullable String state) {
        var flow = Optional.ofNullable(WebUtils.getCookie(request, cookie))
                .flatMap(kept -> Flow.open(box, kept.getValue()))
                .orElseThrow(() -> noFlow("This browser has not begun a login, or began it too long ago"));
        if (state == null || !same(state, flow.state())) {
            throw noFlow("This answer belongs to another login than the last one that this browser began");
        }
        if (!clock.instant().isBefore(flow.expiresAt())) {
            throw noFlow("This login was begun too long ago");
        }
        if (!used.revoke(flow.id(), flow.expiresAt())) {
            throw noFlow("This login has been used already");
        }
        return flow;
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static ProblemException noFlow(String what) {
        return ProblemException.of(
                HttpStatus.BAD_REQUEST, "login_not_begun", what + ": begin again at " + OidcController.LOGIN + ".");
    }

    private ResponseCookie cookie(String value, Duration maxAge) {
        return ResponseCookie.from(cookie, value)
                .httpOnly(true)
                .secure(https)
                // Lax: the browser comes back from the provider's site.
                .sameSite("Lax")
                .path("/")
                .maxAge(maxAge)
                .build();
    }
}
