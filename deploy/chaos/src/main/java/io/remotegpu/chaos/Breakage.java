package io.remotegpu.chaos;

import java.util.Locale;

/** What is done to processes and containers from outside; the more weight, the more often. */
enum Breakage {
    SERVER_KILLED(4, true, false),
    SERVER_ENDED_IN_ORDER(1, true, false),
    SERVER_PAUSED(3, true, false),
    TEMPORAL_KILLED(2, true, false),
    TEMPORAL_PAUSED(2, true, false),
    DATABASE_KILLED(2, true, false),
    DATABASE_CONNECTION_KILLED(2, true, false),
    DATABASE_PAUSED(2, true, false),
    ALL_KILLED_AT_ONCE(2, true, false),
    ENGINE_KILLED(2, false, true),
    ENGINE_PAUSED(1, false, true),
    CONTAINER_KILLED(20, false, true),
    CONTAINER_REMOVED(10, false, true),
    CONTAINER_PAUSED(6, false, true);

    private final int weight;
    private final boolean everywhere;
    private final boolean needsDocker;

    Breakage(int weight, boolean everywhere, boolean needsDocker) {
        this.weight = weight;
        this.everywhere = everywhere;
        this.needsDocker = needsDocker;
    }

    int weight() {
        return weight;
    }

    boolean isFor(ChaosOptions.Mode mode) {
        return everywhere || (needsDocker && mode == ChaosOptions.Mode.DOCKER);
    }

    /** In reports. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
