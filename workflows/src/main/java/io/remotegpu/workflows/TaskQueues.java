package io.remotegpu.workflows;

/** Which worker does what. */
public final class TaskQueues {

    /** Workflows and database steps; polled by every worker with the control role. */
    public static final String CONTROL = "control";

    /**
     * The watch over hosts, and standing in for lost ones; polled by every worker with the control role. A queue of its own,
     * because these steps are long and few, and take no room from those of environments.
     */
    public static final String HOSTS = "hosts";

    /**
     * Engine steps of one host; polled by that host's own agent, so that a host needs no inbound port.
     *
     * @param hostId the host's id
     */
    public static String ofHost(String hostId) {
        return "host-" + hostId;
    }

    /**
     * What is done with the nodes of one Kubernetes cluster; polled by whoever has its credentials.
     *
     * @param cluster the cluster's name
     */
    public static String ofCluster(String cluster) {
        return "cluster-" + cluster;
    }

    private TaskQueues() {}
}
