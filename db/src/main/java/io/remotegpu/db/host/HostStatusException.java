package io.remotegpu.db.host;

/** A host in this status cannot be given that one. */
public final class HostStatusException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final HostStatus status;

    HostStatusException(String id, HostStatus status, HostStatus next) {
        super("host " + id + " is " + status.wireName() + " and cannot become " + next.wireName() + ", only "
                + status.successors().stream()
                        .map(HostStatus::wireName)
                        .sorted()
                        .toList());
        this.status = status;
    }

    /** What it is. */
    public HostStatus status() {
        return status;
    }
}
