package io.remotegpu.db.port;

/** The host has no free port left in its range; nothing was leased. */
public final class NoPortException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoPortException(String hostId, int portMin, int portMax, int needed) {
        super("host " + hostId + " has fewer than " + needed + " free ports from " + portMin + " to " + portMax
                + ": widen its port range, or delete environments there");
    }
}
