package io.remotegpu.standalone;

/** RemoteGPU cannot start; the message names what is in the way and what to do about it. */
public final class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StartupException(String message) {
        super(message);
    }

    public StartupException(String message, Throwable cause) {
        super(message, cause);
    }
}
