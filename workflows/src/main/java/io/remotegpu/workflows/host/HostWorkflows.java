package io.remotegpu.workflows.host;

/** Names that schedules and workers of the host workflows share. */
public final class HostWorkflows {

    /** The id of the schedule of {@link WatchHosts}, and the beginning of its workflows' ids. */
    public static final String WATCH_SCHEDULE = "watch-hosts";

    /** The one workflow id of what is done about a host that was declared lost. */
    public static String loseWorkflowId(String hostId) {
        return "lose-host-" + hostId;
    }

    /** The id of a cluster's schedule, and the beginning of its workflows' ids. */
    public static String syncSchedule(String cluster) {
        return "sync-nodes-" + cluster;
    }

    /** The implementations for a worker of {@link io.remotegpu.workflows.TaskQueues#CONTROL} to register. */
    public static Class<?>[] implementations() {
        return new Class<?>[] {SyncNodesImpl.class};
    }

    /** The implementations for a worker of {@link io.remotegpu.workflows.TaskQueues#HOSTS} to register. */
    public static Class<?>[] watching() {
        return new Class<?>[] {WatchHostsImpl.class, LoseHostImpl.class};
    }

    private HostWorkflows() {}
}
