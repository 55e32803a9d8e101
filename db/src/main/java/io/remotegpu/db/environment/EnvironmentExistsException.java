package io.remotegpu.db.environment;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An environment of that id was made by another operation. */
public final class EnvironmentExistsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final @Nullable String requestFingerprint;

    EnvironmentExistsException(UUID id, @Nullable String requestFingerprint) {
        super("environment " + id + " was created before by another operation");
        this.requestFingerprint = requestFingerprint;
    }

    /** The fingerprint of the request that made it, to tell a repeated request from another one. */
    public @Nullable String requestFingerprint() {
        return requestFingerprint;
    }
}
