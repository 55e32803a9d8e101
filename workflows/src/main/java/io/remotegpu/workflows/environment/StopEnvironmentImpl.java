package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.StepCalls;
import io.temporal.workflow.WorkflowInit;
import java.util.UUID;

/** Public for the SDK, which constructs it; nobody else may. */
public final class StopEnvironmentImpl implements StopEnvironment {

    private final OperationRequest request;
    private final UUID id;
    private final PersistentOperation operation;

    @WorkflowInit
    public StopEnvironmentImpl(OperationRequest request) {
        this.request = request;
        this.id = request.id();
        this.operation = new PersistentOperation(id);
    }

    @Override
    public void stop(OperationRequest sameRequest) {
        operation.run(OperationKind.STOP, request, this::takeDown);
    }

    private void takeDown(EnvironmentFacts environment) {
        var host = environment.hostId();
        if (host != null) {
            operation.enter("stop");
            operation
                    .attended()
                    .takeDown(
                            "stop",
                            host,
                            () -> Steps.takeDown(host, "stop")
                                    .stop(id, environment.spec().mode(), StepCalls.GRACE));
        }
        operation.enter("release");
        Steps.allocations("give host and GPUs back").release(id);
        Steps.quota("give compute back").releaseCompute(id);
        operation.succeed(EnvironmentStatus.STOPPED);
    }

    @Override
    public Admission admit() {
        return operation.admission();
    }

    @Override
    public OperationProgress progress() {
        return operation.progress();
    }
}
