package io.remotegpu.workflows.host;

/** Names that schedules and workers of the host workflows share. */
public final class HostWorkflows {

    /** The id of a cluster's schedule, and the beginning of its workflows' ids. */
    public static String syncSchedule(String cluster) {
        return "sync-nodes-" + cluster;
    }

    /** The implementations, for a worker to register. */
    public static Class<?>[] implementations() {
        return new Class<?>[] {SyncNodesImpl.class};
    }

    private HostWorkflows() {}
}
