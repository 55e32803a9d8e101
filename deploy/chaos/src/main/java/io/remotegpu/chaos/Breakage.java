package io.remotegpu.chaos;

import java.util.Locale;
import java.util.Set;

/** What is done to processes, networks, disks and containers from outside; the more weight, the more often. */
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
    AGENT_KILLED(4, Circumstance.APART),
    AGENT_ENDED_IN_ORDER(1, Circumstance.APART),
    AGENT_PAUSED(3, Circumstance.APART),
    API_CUT_FROM_TEMPORAL(2, Circumstance.APART),
    API_CUT_FROM_DATABASE(2, Circumstance.APART),
    WORKER_CUT_FROM_TEMPORAL(3, Circumstance.APART),
    WORKER_CUT_FROM_DATABASE(3, Circumstance.APART),
    AGENT_CUT_FROM_TEMPORAL(3, Circumstance.APART),
    AGENT_CUT_FROM_API(2, Circumstance.APART),
    DISK_FULL(3, Circumstance.DISK),
    TEMPORAL_KILLED(2, Circumstance.ALWAYS),
    TEMPORAL_PAUSED(2, Circumstance.ALWAYS),
    DATABASE_KILLED(2, Circumstance.ALWAYS),
    DATABASE_CONNECTION_KILLED(2, Circumstance.ALWAYS),
    DATABASE_PAUSED(2, Circumstance.ALWAYS),
    ALL_KILLED_AT_ONCE(2, Circumstance.ALWAYS),
    ENGINE_KILLED(2, Circumstance.DOCKER),
    ENGINE_PAUSED(1, Circumstance.DOCKER),
    CONTAINER_KILLED(20, Circumstance.DOCKER),
    CONTAINER_REMOVED(10, Circumstance.DOCKER),
    CONTAINER_PAUSED(6, Circumstance.DOCKER);

    /** What there must be to break. */
    enum Circumstance {
        ALWAYS,
        /** One process. */
        TOGETHER,
        /** A process for each part. */
        APART,
        /** A Docker engine that may be killed. */
        DOCKER,
        /** A file system of its own. */
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

    boolean isFor(Set<Circumstance> there) {
        return circumstance == Circumstance.ALWAYS || there.contains(circumstance);
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
