package io.remotegpu.workflows.host;

import io.temporal.activity.ActivityInterface;

/** What is done with the nodes of Kubernetes clusters; carried out where the cluster's credentials are. */
@ActivityInterface(namePrefix = "Nodes_")
public interface NodeSteps {

    /**
     * Reads a cluster's nodes and brings their hosts up to date: new ones are registered, ready ones heard from, cordoned,
     * unready and vanished ones quarantined. Frees nothing that environments hold. Idempotent.
     */
    void sync(String cluster);
}
