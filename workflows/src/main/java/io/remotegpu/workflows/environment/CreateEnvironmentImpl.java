package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.workflows.SearchAttributes;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Public for the SDK, which constructs it; nobody else may. */
public final class CreateEnvironmentImpl implements CreateEnvironment {

    private static final int HOST_ATTEMPTS = 3;
    private static final String DEPLOY = "deploy";

    private final CreateRequest request;
    private final UUID id;
    private final DeploymentMode mode;
    private final UndoableOperation operation;
    private final Rollback rollback;
    private final QueueForRoom room;
    private @Nullable OperationRequest deletion;

    @WorkflowInit
    public CreateEnvironmentImpl(CreateRequest request) {
        this.request = request;
        this.id = request.id();
        this.mode = request.spec().mode();
        this.operation = new UndoableOperation(id);
        this.rollback = operation.rollback();
        this.room = new QueueForRoom(operation, EnvironmentStatus.CREATING);
    }

    @Override
    public void create(CreateRequest sameRequest) {
        var failure = operation.run(
                this::bringUp, () -> Steps.records("forget what was refused").withdraw(operation.id(), id));
        operation.awaitCallers();
        if (deletion != null) {
            Workflow.continueAsNew(DeleteEnvironment.class.getSimpleName(), null, deletion);
        }
        if (failure != null) {
            throw ApplicationFailure.newFailure(failure.message(), failure.code());
        }
    }

    private void bringUp() {
        // Its undo is the withdrawal, which knows whose environment it is: under a key that was used before it is
        // another's.
        var admitted = Steps.admission("write it down; take quota, host, GPUs and ports")
                .create(operation.id(), request, DEPLOY);
        if (admitted.done()) {
            operation.admit();
            return;
        }
        rollback.onFailure("quota", () -> Steps.quota("give the quota back").release(id));
        rollback.onFailure(
                "host and GPUs",
                () -> Steps.allocations("give host and GPUs back").release(id));
        var placement = admitted.placement();
        if (placement == null) {
            bringUpInTurn();
        } else {
            rollback.onFailure("ports", this::giveThePortsBack);
            operation.admit();
            operation.entered(DEPLOY);
            deploy(placement, admitted.ports());
        }
        operation.succeed(EnvironmentStatus.RUNNING);
    }

    private void bringUpInTurn() {
        var placement = room.queue(Objects.requireNonNull(request.waitAtMost()));
        rollback.onFailure("ports", this::giveThePortsBack);
        var bindings = Steps.ports("lease ports").lease(id);
        operation.admit();
        operation.enter(DEPLOY);
        deploy(placement, bindings);
    }

    private void giveThePortsBack() {
        Steps.ports("give the ports back").release(id);
    }

    /** Deploys; a host that cannot take it after all is left without a trace, and another one is chosen. */
    private void deploy(Placement first, List<PortBinding> leased) {
        var bringUp = new BringUp(id, request.username(), request.spec(), operation.attended());
        var unfit = new HashSet<String>();
        var placement = first;
        var bindings = leased;
        while (true) {
            var hostId = placement.hostId();
            var deployment = rollback.onFailure(
                    "the deployment on " + hostId,
                    () -> operation
                            .attended()
                            .takeDown(
                                    "remove",
                                    hostId,
                                    () -> Steps.takeDown(hostId, "remove what was made")
                                            .remove(id, mode)));
            try {
                Workflow.upsertTypedSearchAttributes(SearchAttributes.HOST_ID.valueSet(hostId));
                bringUp.on(placement, bindings);
                return;
            } catch (ActivityFailure failure) {
                if (DeployRemedy.leftNothing(failure)) {
                    rollback.forget(deployment);
                }
                unfit.add(hostId);
                if (DeployRemedy.of(failure) != DeployRemedy.OTHER_HOST || unfit.size() == HOST_ATTEMPTS) {
                    throw failure;
                }
                rollback.undo(deployment);
                giveThePortsBack();
                Steps.allocations("leave " + hostId).release(id);
                placement = Steps.allocations("choose another host").allocate(id, unfit);
                bindings = Steps.ports("lease ports there").lease(id);
            }
        }
    }

    @Override
    public Admission admit() {
        return operation.admission();
    }

    @Override
    public Admission delete(OperationRequest request) {
        deletion = request;
        operation.cancel("deleted by " + request.requestedBy() + " while it was being created");
        return new Admission(id);
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
