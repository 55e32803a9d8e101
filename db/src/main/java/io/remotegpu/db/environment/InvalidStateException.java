package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import org.jspecify.annotations.Nullable;

/** The environment is not in a status from which that can be done; the message says in which, and what to do. */
public final class InvalidStateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final EnvironmentStatus status;
    private final @Nullable OperationKind running;

    public InvalidStateException(EnvironmentStatus status, @Nullable OperationKind running, String message) {
        super(message);
        this.status = status;
        this.running = running;
    }

    public EnvironmentStatus status() {
        return status;
    }

    /** The operation that is under way, if one is. */
    public @Nullable OperationKind running() {
        return running;
    }
}
