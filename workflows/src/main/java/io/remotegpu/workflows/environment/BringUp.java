package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.temporal.failure.ActivityFailure;
import java.util.UUID;

/** The deploy of one environment on the host it was placed on, at other ports where the leased ones turn out taken. */
record BringUp(UUID id, String owner, EnvironmentSpec spec) {

    private static final int PORT_ATTEMPTS = 5;

    void on(Placement placement) {
        for (int attempt = 1; ; attempt++) {
            var bindings = Steps.ports("lease ports").lease(id);
            try {
                Steps.bringUp(placement.hostId(), spec)
                        .deploy(new DeployStep(id, owner, spec, placement.gpus(), bindings));
                return;
            } catch (ActivityFailure failure) {
                if (DeployRemedy.of(failure) != DeployRemedy.OTHER_PORT || attempt == PORT_ATTEMPTS) {
                    throw failure;
                }
                Steps.ports("set the taken port aside").setAside(id, DeployRemedy.takenPort(failure));
            }
        }
    }
}
