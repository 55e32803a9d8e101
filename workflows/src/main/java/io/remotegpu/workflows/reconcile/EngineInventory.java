package io.remotegpu.workflows.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.Observation;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What a host's engines carry; carried out on the host's own queue. Only reads. */
@ActivityInterface(namePrefix = "Inventory_")
public interface EngineInventory {

    /** Of each of these engines, everything under our label; an engine that does not answer has its trouble instead. */
    List<EngineAnswer> list(Set<DeploymentMode> modes);

    /** What the engine says of one environment now. */
    Observation observe(UUID id, DeploymentMode mode);
}
