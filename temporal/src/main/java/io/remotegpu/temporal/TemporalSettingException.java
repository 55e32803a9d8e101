package io.remotegpu.temporal;

/** A setting under {@code remotegpu.temporal} is not usable; the message names it and what to do about it. */
public final class TemporalSettingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TemporalSettingException(String message) {
        super(message);
    }

    TemporalSettingException(String message, Throwable cause) {
        super(message, cause);
    }
}
