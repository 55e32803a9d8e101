package io.remotegpu.drivers.spi;

import java.util.Set;

/**
 * Where an environment stands. Only activities called by workflows write it, and only along {@link #successors()}.
 */
public enum EnvironmentStatus {
    /** Waits for capacity. */
    QUEUED,
    CREATING,
    RUNNING,
    STOPPING,
    STOPPED,
    STARTING,
    DELETING,
    /** Kept as history; its name is free again. */
    DELETED,
    /** An operation could not be finished; the environment carries the reason and what it still holds. */
    FAILED;

    /** The statuses that may directly follow this one. */
    public Set<EnvironmentStatus> successors() {
        return switch (this) {
            // STARTING: a start waits, too.
            case QUEUED -> Set.of(CREATING, STARTING, DELETING, FAILED);
            case CREATING -> Set.of(RUNNING, FAILED, QUEUED);
            case RUNNING -> Set.of(STOPPING, DELETING, FAILED);
            case STOPPING -> Set.of(STOPPED, FAILED);
            // A refused start returns to STOPPED: nothing happened. Failed: its data is gone with its host.
            case STOPPED -> Set.of(STARTING, DELETING, FAILED);
            case STARTING -> Set.of(RUNNING, STOPPED, FAILED, QUEUED);
            case DELETING -> Set.of(DELETED, FAILED);
            case DELETED -> Set.of();
            // STOPPING: stopping again what a failed stop left behind. STARTING: only where the data survived.
            case FAILED -> Set.of(STARTING, STOPPING, DELETING, FAILED);
        };
    }

    /** Whether an environment may go directly from this status to {@code next}. */
    public boolean canBecome(EnvironmentStatus next) {
        return successors().contains(next);
    }

    /** Whether an operation is under way in this status, so that an open workflow must exist for it. */
    public boolean moving() {
        return switch (this) {
            case QUEUED, CREATING, STOPPING, STARTING, DELETING -> true;
            case RUNNING, STOPPED, DELETED, FAILED -> false;
        };
    }

    /** The name in answers, filters, search attributes and rows, for example {@code "running"}. */
    public String wireName() {
        return WireNames.of(this);
    }

    /** The status of that wire name; {@link IllegalArgumentException} when there is none. */
    public static EnvironmentStatus fromWireName(String name) {
        return WireNames.parse(EnvironmentStatus.class, name);
    }
}
