package io.remotegpu.db.host;

/** A host of that id is registered. */
public final class HostExistsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    HostExistsException(String id) {
        super("host " + id + " is registered already: change it, or choose another id");
    }
}
