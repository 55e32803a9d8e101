package io.remotegpu.activities.environment;

import io.remotegpu.db.allocation.Allocation;
import io.remotegpu.db.allocation.Allocations;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.db.allocation.QueueTurn;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.Placement;
import io.remotegpu.workflows.environment.QueueProgress;
import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.Turn;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

@Component
final class AllocationActivities implements AllocationSteps {

    private final Allocations allocations;
    private final CapacityQueue queue;

    AllocationActivities(Allocations allocations, CapacityQueue queue) {
        this.allocations = allocations;
        this.queue = queue;
    }

    @Override
    public Placement allocate(UUID id, Set<String> excludedHosts) {
        try {
            return placement(allocations.allocate(id, excludedHosts));
        } catch (NoCapacityException full) {
            throw Refusals.refuse(full);
        }
    }

    @Override
    public Turn queue(String operationId, UUID id, Duration atMost) {
        return turn(() -> queue.join(id, operationId, atMost));
    }

    @Override
    public Turn turn(String operationId, UUID id) {
        return turn(() -> queue.turn(id, operationId));
    }

    @Override
    public void leaveQueue(String operationId, UUID id) {
        queue.leave(id, operationId);
    }

    private static Turn turn(Supplier<QueueTurn> step) {
        try {
            var turn = step.get();
            var allocation = turn.allocation();
            if (allocation != null) {
                return new Turn(placement(allocation), null, null);
            }
            var place = Objects.requireNonNull(turn.place());
            return new Turn(null, new QueueProgress(place.position(), place.waiting(), place.reason()), place.left());
        } catch (InvalidStateException invalid) {
            throw Refusals.refuse(Refusal.INVALID_STATE, invalid);
        }
    }

    private static Placement placement(Allocation allocation) {
        return new Placement(allocation.hostId(), allocation.gpus());
    }

    @Override
    public void release(UUID id) {
        allocations.release(id);
    }
}
