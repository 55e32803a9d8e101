package io.remotegpu.db.secret;

import org.jspecify.annotations.Nullable;

/** The installation's key is missing, damaged, or not the one this database belongs to. */
public final class InstallationKeyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InstallationKeyException(String message) {
        this(message, null);
    }

    InstallationKeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
