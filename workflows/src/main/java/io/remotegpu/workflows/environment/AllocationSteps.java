package io.remotegpu.workflows.environment;

import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/** What an environment holds of a host, and how it waits for that. Local activities, one transaction each, idempotent by the id. */
@ActivityInterface(namePrefix = "Allocation_")
public interface AllocationSteps {

    /**
     * Chooses a host and claims CPU, memory and GPUs there, or returns what is held; refuses {@code NO_CAPACITY}.
     *
     * @param excludedHosts hosts that turned out unable to take it
     */
    Placement allocate(UUID id, Set<String> excludedHosts);

    /**
     * Claims a place if it is its turn, or else takes one in the queue, in which it is queued from then on; again: the
     * same place.
     */
    Turn queue(String operationId, UUID id, Duration atMost);

    /** Lets everybody go who can; one who has a place then is out of the queue. */
    Turn turn(String operationId, UUID id);

    /** Goes without a place; not in the queue is success. */
    void leaveQueue(String operationId, UUID id);

    /** Gives CPU, memory and GPUs back; not held is success. */
    void release(UUID id);
}
