package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.PortBinding;
import io.temporal.failure.ActivityFailure;
import java.util.List;
import java.util.UUID;

/** The deploy of one environment on the host it was placed on, at other ports where the leased ones turn out taken. */
record BringUp(UUID id, String owner, EnvironmentSpec spec, AttendedSteps attended) {

    private static final int ATTEMPTS = 5;

    void on(Placement placement, List<PortBinding> leased) {
        var bindings = leased;
        var engine = Steps.tryToBringUp(placement.hostId(), spec);
        for (int attempt = 1; ; attempt++) {
            try {
                var through = engine;
                var step = new DeployStep(id, owner, spec, placement.gpus(), bindings);
                if (attended.bringUp(placement.hostId(), () -> through.deploy(step)) == AttendedSteps.End.DONE) {
                    return;
                }
                attempt--;
            } catch (ActivityFailure failure) {
                switch (attempt < ATTEMPTS ? DeployRemedy.of(failure) : DeployRemedy.NONE) {
                    case OTHER_PORT -> {
                        Steps.ports("set the taken port aside").setAside(id, DeployRemedy.takenPort(failure));
                        bindings = Steps.ports("lease another port").lease(id);
                    }
                    case GO_ON -> {}
                    case OTHER_HOST, NONE -> throw failure;
                }
            }
            // It has begun there, or may have, so there it goes on.
            engine = Steps.bringUp(placement.hostId(), spec);
        }
    }
}
