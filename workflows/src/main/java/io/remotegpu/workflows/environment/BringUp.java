package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.PortBinding;
import io.temporal.failure.ActivityFailure;
import java.util.List;
import java.util.UUID;

/** The deploy of one environment on the host it was placed on, at other ports where the leased ones turn out taken. */
record BringUp(UUID id, String owner, EnvironmentSpec spec) {

    private static final int PORT_ATTEMPTS = 5;

    void on(Placement placement, List<PortBinding> leased) {
        var bindings = leased;
        for (int attempt = 1; ; attempt++) {
            try {
                Steps.bringUp(placement.hostId(), spec)
                        .deploy(new DeployStep(id, owner, spec, placement.gpus(), bindings));
                return;
            } catch (ActivityFailure failure) {
                if (DeployRemedy.of(failure) != DeployRemedy.OTHER_PORT || attempt == PORT_ATTEMPTS) {
                    throw failure;
                }
                Steps.ports("set the taken port aside").setAside(id, DeployRemedy.takenPort(failure));
                bindings = Steps.ports("lease another port").lease(id);
            }
        }
    }
}
