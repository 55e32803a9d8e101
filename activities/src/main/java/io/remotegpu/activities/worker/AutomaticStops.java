package io.remotegpu.activities.worker;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.OperationRequest;
import io.temporal.client.WorkflowClient;
import java.util.UUID;

/** Stops that no user asked for; the environment's one workflow id lets only one operation run on it. */
public final class AutomaticStops {

    private final AutomaticOperations operations;

    public AutomaticStops(WorkflowClient temporal) {
        this.operations = new AutomaticOperations(temporal);
    }

    /** What is stopped. */
    public record Running(UUID id, String name, String owner, DeploymentMode mode, String hostId) {}

    /** False when another operation runs on it: then it is looked at again. */
    public boolean begin(Running environment, OperationRequest request) {
        return operations.begin(
                OperationKind.STOP,
                new AutomaticOperations.Subject(
                        environment.id(),
                        environment.name(),
                        environment.owner(),
                        environment.mode(),
                        environment.hostId()),
                request);
    }
}
