package io.remotegpu.temporal;

import java.util.Objects;

/** A setting under {@code remotegpu.temporal} or {@code remotegpu.tracing} is not usable; the message names it and what to do about it. */
public final class TemporalSettingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TemporalSettingException(String message) {
        super(message);
    }

    TemporalSettingException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Never absent, unlike other exceptions'. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }
}
