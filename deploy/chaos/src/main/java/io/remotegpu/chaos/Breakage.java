package io.remotegpu.chaos;

import java.util.Locale;
import java.util.Set;

/** What is done to processes, networks, disks and environments from outside; the more weight, the more often. */
enum Breakage {
    SERVER_KILLED(4, Circumstance.TOGETHER),
    SERVER_ENDED_IN_ORDER(1, Circumstance.TOGETHER),
    SERVER_PAUSED(3, Circumstance.TOGETHER),
    API_KILLED(2, Circumstance.APART),
    API_PAUSED(1, Circumstance.APART),
    WORKER_KILLED(4, Circumstance.APART),
    WORKER_ENDED_IN_ORDER(1, Circumstance.APART),
    WORKER_PAUSED(3, Circumstance.APART),
    WORKERS_KILLED(1, Circumstance.APART),
    AGENT_KILLED(4, Circumstance.AGENT),
    AGENT_ENDED_IN_ORDER(1, Circumstance.AGENT),
    AGENT_PAUSED(3, Circumstance.AGENT),
    API_CUT_FROM_TEMPORAL(2, Circumstance.APART),
    API_CUT_FROM_DATABASE(2, Circumstance.APART),
    WORKER_CUT_FROM_TEMPORAL(3, Circumstance.APART),
    WORKER_CUT_FROM_DATABASE(3, Circumstance.APART),
    AGENT_CUT_FROM_TEMPORAL(3, Circumstance.AGENT),
    AGENT_CUT_FROM_API(2, Circumstance.AGENT),
    DISK_FULL(3, Circumstance.DISK),
    TEMPORAL_KILLED(2, Circumstance.ALWAYS),
    TEMPORAL_PAUSED(2, Circumstance.ALWAYS),
    DATABASE_KILLED(2, Circumstance.ALWAYS),
    DATABASE_CONNECTION_KILLED(2, Circumstance.ALWAYS),
    DATABASE_PAUSED(2, Circumstance.ALWAYS),
    ALL_KILLED_AT_ONCE(2, Circumstance.ALWAYS),
    ENGINE_KILLED(2, Circumstance.DOCKER),
    ENGINE_PAUSED(1, Circumstance.DOCKER),
    ENGINE_DISK_FULL(3, Circumstance.ENGINE_DISK),
    CONTAINER_KILLED(20, Circumstance.DOCKER),
    CONTAINER_REMOVED(10, Circumstance.DOCKER),
    CONTAINER_PAUSED(6, Circumstance.DOCKER),
    SERVER_CUT_FROM_CLUSTER(4, Circumstance.CLUSTER),
    POD_KILLED(14, Circumstance.CLUSTER),
    POD_DELETED(10, Circumstance.CLUSTER),
    POD_DELETED_BY_FORCE(6, Circumstance.CLUSTER),
    POD_PAUSED(6, Circumstance.CLUSTER),
    MACHINE_DESTROYED(6, Circumstance.MACHINES),
    MACHINE_KILLED(6, Circumstance.MACHINES),
    MACHINE_PAUSED(4, Circumstance.MACHINES);

    /** What there must be to break. */
    enum Circumstance {
        ALWAYS,
        /** One process. */
        TOGETHER,
        /** A process for each part. */
        APART,
        /** A host with an agent of its own. */
        AGENT,
        /** A Docker engine that may be killed. */
        DOCKER,
        /** A file system of its own for that. */
        ENGINE_DISK,
        /** Pods in somebody's cluster. */
        CLUSTER,
        /** Virtual machines of somebody's libvirt. */
        MACHINES,
        /** A file system of its own for PostgreSQL and Temporal. */
        DISK
    }

    private final int weight;
    private final Circumstance circumstance;

    Breakage(int weight, Circumstance circumstance) {
        this.weight = weight;
        this.circumstance = circumstance;
    }

    int weight() {
        return weight;
    }

    Circumstance circumstance() {
        return circumstance;
    }

    boolean isFor(Set<Circumstance> there) {
        return circumstance == Circumstance.ALWAYS || there.contains(circumstance);
    }

    /** Whether it meets a single environment, of a kind that is soon back. */
    boolean isQuick() {
        return name().startsWith("CONTAINER_") || name().startsWith("POD_");
    }

    /** Whether it is done to a network, in one of several ways. */
    boolean cuts() {
        return name().contains("_CUT_");
    }

    /** In reports. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
