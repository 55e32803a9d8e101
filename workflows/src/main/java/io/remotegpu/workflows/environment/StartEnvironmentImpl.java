package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.StepCalls;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Public for the SDK, which constructs it; nobody else may. */
public final class StartEnvironmentImpl implements StartEnvironment {

    private final OperationRequest request;
    private final UUID id;
    private final UndoableOperation operation;
    private final Rollback rollback;
    private final QueueForRoom room;
    private @Nullable OperationRequest deletion;
    private boolean unwanted;

    @WorkflowInit
    public StartEnvironmentImpl(OperationRequest request) {
        this.request = request;
        this.id = request.id();
        this.operation = new UndoableOperation(id);
        this.rollback = operation.rollback();
        this.room = new QueueForRoom(operation, EnvironmentStatus.STARTING);
    }

    @Override
    public void start(OperationRequest sameRequest) {
        var failure = operation.run(
                this::bringUpAgain,
                () -> Steps.records("leave it stopped").abandonStart(operation.id(), id),
                why -> Steps.records("leave it as it was before").abandonWait(operation.id(), id, why));
        operation.awaitCallers();
        if (deletion != null) {
            Workflow.continueAsNew(DeleteEnvironment.class.getSimpleName(), null, deletion);
        }
        if (failure != null && !unwanted) {
            throw ApplicationFailure.newFailure(failure.message(), failure.code());
        }
    }

    private void bringUpAgain() {
        var environment = Steps.records("mark it as starting").begin(operation.id(), OperationKind.START, request);

        rollback.onFailure("quota", () -> Steps.quota("give compute back").releaseCompute(id));
        Steps.quota("reserve compute").reserveCompute(id);

        rollback.onFailure(
                "host and GPUs",
                () -> Steps.allocations("give host and GPUs back").release(id));
        var placement = room.claim("claim GPUs where the data is", request.waitAtMost());

        // The ports stay leased while it is stopped, so that its addresses stay the same.
        var bindings = Steps.ports("look the ports up").lease(id);

        operation.admit();
        operation.enter("deploy");
        rollback.onFailure(
                "the deployment on " + placement.hostId(),
                () -> operation
                        .attended()
                        .takeDown(
                                "stop",
                                placement.hostId(),
                                () -> Steps.takeDown(placement.hostId(), "stop what was started")
                                        .stop(id, environment.spec().mode(), StepCalls.GRACE)));
        new BringUp(id, environment.owner(), environment.spec(), operation.attended()).on(placement, bindings);

        operation.succeed(EnvironmentStatus.RUNNING);
    }

    @Override
    public Admission admit() {
        return operation.admission();
    }

    @Override
    public Admission stopWaiting(OperationRequest by) {
        stopWaiting("stopped by " + by.requestedBy() + " while it waited for room");
        return new Admission(id);
    }

    @Override
    public Admission delete(OperationRequest by) {
        stopWaiting("deleted by " + by.requestedBy() + " while it waited for room");
        deletion = by;
        return new Admission(id);
    }

    private void stopWaiting(String why) {
        if (!operation.waiting()) {
            throw ApplicationFailure.newNonRetryableFailure(
                    "a start is under way and waits for nothing: try again when it has ended",
                    Refusal.INVALID_STATE.name());
        }
        unwanted = true;
        operation.cancel(why);
    }

    @Override
    public void wake() {
        room.wake();
    }

    @Override
    public OperationProgress progress() {
        return operation.progress();
    }
}
