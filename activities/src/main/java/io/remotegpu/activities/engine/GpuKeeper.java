package io.remotegpu.activities.engine;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where it is known who holds which of a host's GPUs. */
public interface GpuKeeper {

    /** The device ids of those that an environment holds there, as the host named them; of no environment, none. */
    List<String> heldBy(String hostId, UUID environmentId);

    /**
     * Puts GPUs of the host in error, so that they are given to nobody; whoever holds one still does. One that the host does
     * not have is passed over.
     *
     * @param reasons by device id
     */
    void putInError(String hostId, Map<String, String> reasons);
}
