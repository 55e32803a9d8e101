package io.remotegpu.activities.environment;

import io.remotegpu.db.allocation.Allocations;
import io.remotegpu.db.allocation.NoCapacityException;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.Placement;
import io.remotegpu.workflows.environment.Refusal;
import io.remotegpu.workflows.environment.Shortage;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

@Component
final class AllocationActivities implements AllocationSteps {

    private final Allocations allocations;

    AllocationActivities(Allocations allocations) {
        this.allocations = allocations;
    }

    @Override
    public Placement allocate(UUID id, Set<String> excludedHosts) {
        try {
            var allocation = allocations.allocate(id, excludedHosts);
            return new Placement(allocation.hostId(), allocation.gpus());
        } catch (NoCapacityException full) {
            throw Refusals.refuse(
                    Refusal.NO_CAPACITY,
                    full,
                    full.lacks().stream()
                            .map(lack -> new Shortage(lack.field(), lack.message()))
                            .toList());
        }
    }

    @Override
    public void release(UUID id) {
        allocations.release(id);
    }
}
