package io.remotegpu.activities.environment;

import io.remotegpu.db.port.NoPortException;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

@Component
final class PortActivities implements PortSteps {

    /** A foreign process that took a port once may do so again; long enough not to meet it at once. */
    private static final Duration SET_ASIDE = Duration.ofMinutes(15);

    private final PortLeases leases;

    PortActivities(PortLeases leases) {
        this.leases = leases;
    }

    @Override
    public List<PortBinding> lease(UUID id) {
        try {
            return leases.lease(id);
        } catch (NoPortException none) {
            throw Refusals.refuse(Refusal.NO_CAPACITY, none);
        }
    }

    @Override
    public void setAside(UUID id, int port) {
        leases.setAside(id, port, SET_ASIDE);
    }

    @Override
    public void release(UUID id) {
        leases.release(id);
    }
}
