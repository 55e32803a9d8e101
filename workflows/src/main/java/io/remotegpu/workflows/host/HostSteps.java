package io.remotegpu.workflows.host;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What is done about hosts. Each may be done twice. */
@ActivityInterface(namePrefix = "Hosts_")
public interface HostSteps {

    /**
     * Quarantines hosts that have fallen silent, has {@link LoseHost} running for each that was declared lost and is not swept,
     * and begins to stop what runs on hosts that are drained so, and what users run who were deactivated so.
     *
     * @return what was done, in words; empty when all is as it was
     */
    List<String> watch();

    /**
     * Stands in for a host that was declared lost until nothing is there any more: fails its environments and frees what they
     * hold, and answers the steps that wait for it, so that every operation comes to its end. Takes as long as those do, and
     * heartbeats.
     */
    void settle(String hostId);

    /** Whether it was declared lost and is not swept yet; false when there is no such host. */
    boolean isUnswept(String hostId);

    /**
     * Says that nothing of ours is on the host's engines any more.
     *
     * @param removed how many leftovers were removed
     * @return false when it has to be settled and swept once more
     */
    boolean swept(String hostId, int removed);
}
