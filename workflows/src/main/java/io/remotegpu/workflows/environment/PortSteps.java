package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.PortBinding;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.UUID;

/** The host ports an environment holds. Local activities, one transaction each, idempotent by the id. */
@ActivityInterface(namePrefix = "Ports_")
public interface PortSteps {

    /** Leases one port for each service on the allocated host, or returns what is held; refuses {@code NO_CAPACITY}. */
    List<PortBinding> lease(UUID id);

    /** Gives up the lease of a port that somebody else on the host uses, and keeps it from being leased for a while. */
    void setAside(UUID id, int port);

    /** Gives all ports back; none held is success. */
    void release(UUID id);
}
