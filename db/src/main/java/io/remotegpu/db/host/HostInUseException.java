package io.remotegpu.db.host;

/** Something is on the host, or bound to it, so that it cannot be deleted. */
public final class HostInUseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    HostInUseException(String id, long environments) {
        super("host " + id + " has " + environments + (environments == 1 ? " environment" : " environments")
                + ": drain it and delete them first");
    }
}
