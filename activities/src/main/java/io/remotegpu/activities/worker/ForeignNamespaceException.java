package io.remotegpu.activities.worker;

import java.util.UUID;

/** Temporal's namespace works for another installation; says how to go on. */
final class ForeignNamespaceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ForeignNamespaceException(String namespace, String owner, UUID installation) {
        super("Temporal's namespace '" + namespace + "' works for another RemoteGPU installation (" + owner
                + ") than this database (" + installation + "). If both live, give this one a Temporal of its own, or a"
                + " namespace: remotegpu.temporal.namespace. If another one was started at this very moment, start this one"
                + " again. If the other is gone for good, end its workflows in that namespace and delete the schedule '"
                + NamespaceClaim.SCHEDULE + "' there");
    }
}
