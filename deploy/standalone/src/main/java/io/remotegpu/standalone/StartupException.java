package io.remotegpu.standalone;

import java.util.Objects;

/** RemoteGPU cannot start; the message names what is in the way and what to do about it. */
public final class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StartupException(String message) {
        super(message);
    }

    public StartupException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Never absent, unlike other exceptions'. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }
}
