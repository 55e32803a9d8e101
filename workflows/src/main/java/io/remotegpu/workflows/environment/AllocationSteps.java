package io.remotegpu.workflows.environment;

import io.temporal.activity.ActivityInterface;
import java.util.Set;
import java.util.UUID;

/** What an environment holds of a host. Local activities, one transaction each, idempotent by the id. */
@ActivityInterface(namePrefix = "Allocation_")
public interface AllocationSteps {

    /**
     * Chooses a host and claims CPU, memory and GPUs there, or returns what is held; refuses {@code NO_CAPACITY}.
     *
     * @param excludedHosts hosts that turned out unable to take it
     */
    Placement allocate(UUID id, Set<String> excludedHosts);

    /** Gives CPU, memory and GPUs back; not held is success. */
    void release(UUID id);
}
