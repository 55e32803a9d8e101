package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.temporal.workflow.WorkflowInit;
import java.util.UUID;

/** Public for the SDK, which constructs it; nobody else may. */
public final class DeleteEnvironmentImpl implements DeleteEnvironment {

    private final OperationRequest request;
    private final UUID id;
    private final PersistentOperation operation;

    @WorkflowInit
    public DeleteEnvironmentImpl(OperationRequest request) {
        this.request = request;
        this.id = request.id();
        this.operation = new PersistentOperation(id);
    }

    @Override
    public void run(OperationRequest sameRequest) {
        operation.run(OperationKind.DELETE, request, this::removeEverything);
    }

    private void removeEverything(EnvironmentFacts environment) {
        var host = environment.hostId();
        if (host != null) {
            operation.enter("remove");
            operation
                    .attended()
                    .takeDown(
                            "remove",
                            host,
                            () -> Steps.takeDown(host, "remove")
                                    .remove(id, environment.spec().mode()));
        }
        operation.enter("release");
        Steps.ports("give the ports back").release(id);
        Steps.allocations("give host and GPUs back").release(id);
        Steps.quota("give the quota back").release(id);
        operation.succeed(EnvironmentStatus.DELETED);
    }

    @Override
    public Admission delete(OperationRequest anotherRequest) {
        return operation.admission();
    }

    @Override
    public OperationProgress progress() {
        return operation.progress();
    }
}
