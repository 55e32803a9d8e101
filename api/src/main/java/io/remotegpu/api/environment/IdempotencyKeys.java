package io.remotegpu.api.environment;

import io.remotegpu.api.security.Tokens;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an Idempotency-Key stands for: one environment of one user, made by one request. */
final class IdempotencyKeys {

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]{0,253}[\\x21-\\x7E])?");

    /** The id that this user's key gives an environment; a new one without a key. */
    static UUID environmentId(long userId, @Nullable String key) {
        if (key == null) {
            return UUID.randomUUID();
        }
        if (!FORM.matcher(key).matches()) {
            throw ProblemException.badParameter("Idempotency-Key", "must have 1 to 255 printable ASCII characters");
        }
        return UUID.nameUUIDFromBytes(("environment\n" + userId + "\n" + key).getBytes(StandardCharsets.UTF_8));
    }

    /** The same for the same request, whatever the order of its fields. */
    static String fingerprint(NewEnvironmentRequest request, EnvironmentSpec spec) {
        return Tokens.hash(String.join(
                "\n",
                spec.name(),
                spec.type().wireName(),
                spec.mode().wireName(),
                "%d %d %d %d %d".formatted(spec.cpu(), spec.memory(), spec.gpu(), spec.storage(), spec.priority()),
                // As asked for: the installation's default may change between two tries.
                String.valueOf(request.image()),
                new TreeMap<>(spec.env()).toString(),
                String.valueOf(spec.gpuModel()),
                String.valueOf(spec.gpuMemoryMin()),
                String.valueOf(spec.hostId()),
                String.valueOf(spec.idleTimeout())
                        // Nothing for what has none: the fingerprints of before stay the same.
                        + (request.maxLifetime() == null ? "" : "\nmax " + request.maxLifetime())
                        + (request.schedule() == null ? "" : "\n" + request.schedule())));
    }

    private IdempotencyKeys() {}
}
