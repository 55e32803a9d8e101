package io.remotegpu.api.oidc;

import io.remotegpu.db.secret.InstallationKeyException;
import io.remotegpu.db.secret.SecretBox;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * A login that a browser has begun. The browser itself keeps it, sealed, so that any API process can go on with it, and
 * no other browser.
 *
 * @param id by which it is known to have been used
 * @param state comes back with the browser
 * @param nonce comes back, hashed, in the ID token
 * @param verifier with which alone the code can be redeemed (PKCE)
 */
record Flow(UUID id, Instant expiresAt, String state, String nonce, String verifier) {

    private static final String CONTEXT = "oidc-flow";
    private static final String SEPARATOR = "\n";
    private static final int PARTS = 5;

    String seal(SecretBox box) {
        var text = String.join(
                SEPARATOR, id.toString(), Long.toString(expiresAt.getEpochSecond()), state, nonce, verifier);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(box.seal(CONTEXT, text));
    }

    /** Empty when it was not sealed here. */
    static Optional<Flow> open(SecretBox box, String sealed) {
        try {
            var parts = box.open(CONTEXT, Base64.getUrlDecoder().decode(sealed)).split(SEPARATOR);
            return parts.length == PARTS
                    ? Optional.of(new Flow(
                            UUID.fromString(parts[0]),
                            Instant.ofEpochSecond(Long.parseLong(parts[1])),
                            parts[2],
                            parts[3],
                            parts[4]))
                    : Optional.empty();
        } catch (InstallationKeyException | IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Flow[" + id + "]";
    }
}
