package io.remotegpu.drivers.spi;

import org.jspecify.annotations.Nullable;

/** The only exception a driver throws; its message names the thing and the remedy, and never contains a secret. */
public final class DriverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorKind kind;
    private final int port;

    public DriverException(ErrorKind kind, String message, @Nullable Throwable cause) {
        this(kind, message, 0, cause);
    }

    public DriverException(ErrorKind kind, String message) {
        this(kind, message, 0, null);
    }

    private DriverException(ErrorKind kind, String message, int port, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.port = port;
    }

    /** {@link ErrorKind#PORT_TAKEN} for that host port. */
    public static DriverException portTaken(int port, String message, @Nullable Throwable cause) {
        return new DriverException(ErrorKind.PORT_TAKEN, message, port, cause);
    }

    public ErrorKind kind() {
        return kind;
    }

    /** The host port in question for {@link ErrorKind#PORT_TAKEN}, otherwise 0. */
    public int port() {
        return port;
    }
}
