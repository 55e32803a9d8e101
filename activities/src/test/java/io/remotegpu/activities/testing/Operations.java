package io.remotegpu.activities.testing;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.Admission;
import io.remotegpu.workflows.environment.CaptureLog;
import io.remotegpu.workflows.environment.CreateEnvironment;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.DeleteEnvironment;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.HandAnswer;
import io.remotegpu.workflows.environment.HandRequest;
import io.remotegpu.workflows.environment.LogRequest;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.StartEnvironment;
import io.remotegpu.workflows.environment.StopEnvironment;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts operations as the API does: each call answers when it was admitted, or throws what it was refused with. */
public final class Operations {

    private static final String CALLER = "alice";

    private final Supplier<WorkflowClient> temporal;
    private final Set<UUID> known = ConcurrentHashMap.newKeySet();

    /** @param temporal the client of the moment: workers may be started anew with another */
    Operations(Supplier<WorkflowClient> temporal) {
        this.temporal = temporal;
    }

    public Admission create(long userId, UUID id, EnvironmentSpec spec) {
        return create(userId, id, spec, null);
    }

    /** One that waits for room, at most that long. */
    public Admission createOrWait(long userId, UUID id, EnvironmentSpec spec, Duration waitAtMost) {
        return create(new CreateRequest(id, userId, CALLER, spec, null, waitAtMost));
    }

    public Admission create(long userId, UUID id, EnvironmentSpec spec, @Nullable String fingerprint) {
        return create(new CreateRequest(id, userId, CALLER, spec, fingerprint));
    }

    private Admission create(CreateRequest request) {
        var id = request.id();
        var create = temporal.get()
                .newWorkflowStub(
                        CreateEnvironment.class,
                        options(id, WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING));
        return WorkflowClient.executeUpdateWithStart(
                create::admit, update(), new WithStartWorkflowOperation<>(create::create, request));
    }

    public Admission start(UUID id) {
        return start(new OperationRequest(id, CALLER));
    }

    /** One that somebody else asks for. */
    public Admission startFor(String by, UUID id) {
        return start(new OperationRequest(id, by));
    }

    /** One that waits for room, at most that long. */
    public Admission start(UUID id, Duration waitAtMost) {
        return start(new OperationRequest(id, CALLER, waitAtMost));
    }

    /** One with so many GPUs. */
    public Admission startWith(UUID id, int gpu) {
        return start(new OperationRequest(id, CALLER, null, gpu, null));
    }

    /** Of a start that waits. */
    public Admission stopWaiting(UUID id) {
        return stub(id).update(EnvironmentWorkflows.STOP_WAITING, Admission.class, new OperationRequest(id, CALLER));
    }

    private Admission start(OperationRequest request) {
        var id = request.id();
        var start = temporal.get()
                .newWorkflowStub(
                        StartEnvironment.class, options(id, WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL));
        return WorkflowClient.executeUpdateWithStart(
                start::admit, update(), new WithStartWorkflowOperation<>(start::start, request));
    }

    public Admission stop(UUID id) {
        var stop = temporal.get()
                .newWorkflowStub(
                        StopEnvironment.class, options(id, WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL));
        return WorkflowClient.executeUpdateWithStart(
                stop::admit, update(), new WithStartWorkflowOperation<>(stop::stop, new OperationRequest(id, CALLER)));
    }

    /** As the API does, asks again when the operation that was to be joined ended in between. */
    public Admission delete(UUID id) {
        for (int attempt = 1; ; attempt++) {
            try {
                return deleteOnce(id);
            } catch (RuntimeException failure) {
                if (attempt == 3 || !endedMeanwhile(failure)) {
                    throw failure;
                }
            }
        }
    }

    private static boolean endedMeanwhile(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException status
                    && status.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return true;
            }
            if (String.valueOf(cause.getMessage()).contains("AcceptedUpdateCompletedWorkflow")) {
                return true;
            }
        }
        return false;
    }

    private Admission deleteOnce(UUID id) {
        var delete = temporal.get()
                .newWorkflowStub(
                        DeleteEnvironment.class,
                        options(id, WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING));
        var request = new OperationRequest(id, CALLER);
        return WorkflowClient.executeUpdateWithStart(
                delete::delete, request, update(), new WithStartWorkflowOperation<>(delete::run, request));
    }

    /** Returns when the host has left the environment's log in the database. */
    public void captureLog(UUID id, String hostId) {
        temporal.get()
                .newWorkflowStub(
                        CaptureLog.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(TaskQueues.CONTROL)
                                .setWorkflowId(EnvironmentWorkflows.logWorkflowId(id))
                                .build())
                .capture(new LogRequest(id, DeploymentMode.SIMULATED, hostId));
    }

    /** Gives it up, by bob. */
    public void abort(UUID id) {
        stub(id).update(EnvironmentWorkflows.ABORT, HandAnswer.class, new HandRequest("bob", null, null));
    }

    /** Asks the environment's operation to stop, as an operator does in Temporal's UI. */
    public void cancel(UUID id) {
        stub(id).cancel("by an operator");
    }

    /** Waits until the environment's operation is over, however it ended. */
    public void awaitEnd(UUID id) {
        try {
            stub(id).getResult(Void.class);
        } catch (WorkflowFailedException | WorkflowNotFoundException over) {
            // What became of it is in the rows.
        }
    }

    public WorkflowStub stub(UUID id) {
        return temporal.get().newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id));
    }

    /** The type of the application failure that a call was refused with. */
    public static Optional<String> refusal(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApplicationFailure refused) {
                return Optional.of(refused.getType());
            }
        }
        return Optional.empty();
    }

    void terminateAll() {
        for (var id : known) {
            try {
                stub(id).terminate("the test is over");
            } catch (WorkflowNotFoundException over) {
                // As it should be.
            }
        }
        known.clear();
    }

    private WorkflowOptions options(UUID id, WorkflowIdConflictPolicy conflict) {
        known.add(id);
        return EnvironmentWorkflows.options(id)
                .setWorkflowIdConflictPolicy(conflict)
                .build();
    }

    private static UpdateOptions<Admission> update() {
        return UpdateOptions.newBuilder(Admission.class).build();
    }
}
