package io.remotegpu.drivers.spi;

/** What went wrong at an engine; everything that follows (retry, re-allocation, rollback) derives from it. */
public enum ErrorKind {
    /** The engine cannot run this spec, here or anywhere. */
    INVALID_SPEC(false),
    /** The engine lacks an ability that the spec needs. */
    UNSUPPORTED(false),
    IMAGE_NOT_FOUND(false),
    /** The engine, or the image registry, refuses us. */
    PERMISSION_DENIED(false),
    /** A leased port is in use by somebody else on the host; {@link DriverException#port()} says which. */
    PORT_TAKEN(false),
    /** The host has no room after all; another may have. */
    NO_CAPACITY(false),
    /** Something under our name is not ours, or changed under our hands: for the operator. */
    CONFLICT(false),
    /** The engine does not answer; nothing was done. */
    ENGINE_UNAVAILABLE(true),
    /** The call may or may not have happened; the same call again settles it. */
    OUTCOME_UNKNOWN(true);

    private final boolean retried;

    ErrorKind(boolean retried) {
        this.retried = retried;
    }

    /** Whether the same call again can help. */
    public boolean retried() {
        return retried;
    }
}
