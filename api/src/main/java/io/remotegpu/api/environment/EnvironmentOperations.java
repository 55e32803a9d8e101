package io.remotegpu.api.environment;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.OperationRepository;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.environment.Admission;
import io.remotegpu.workflows.environment.CreateEnvironment;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.DeleteEnvironment;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.StartEnvironment;
import io.remotegpu.workflows.environment.StopEnvironment;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Starts operations on environments as workflows, and answers once they are admitted or refused.
 *
 * <p>Every method throws the problem to answer with: what was refused and why, an operation that is already under way,
 * or 503 when Temporal does not answer in time.
 */
@Component
class EnvironmentOperations {

    private final WorkflowClient temporal;
    private final OperationRepository operations;
    private final AdmissionCalls calls;

    EnvironmentOperations(WorkflowClient temporal, OperationRepository operations, AdmissionCalls calls) {
        this.temporal = temporal;
        this.operations = operations;
        this.calls = calls;
    }

    /** Admitted means that the environment is stored, and holds all it needs or is queued for it; the same request again joins the first. */
    void create(CreateRequest request) {
        var spec = request.spec();
        var id = request.id();
        var options = options(
                id,
                request.username(),
                spec.mode().wireName(),
                EnvironmentStatus.CREATING,
                spec.hostId(),
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
                "create %s (%s, %s) for %s"
                        .formatted(
                                spec.name(), spec.type().wireName(), spec.mode().wireName(), request.username()));
        Callable<Admission> call = () -> {
            var create = temporal.newWorkflowStub(CreateEnvironment.class, options);
            return WorkflowClient.executeUpdateWithStart(
                    create::admit, update(), new WithStartWorkflowOperation<>(create::create, request));
        };
        // Only a request with an Idempotency-Key has a fingerprint.
        if (request.requestFingerprint() == null) {
            calls.admitOrCancel(id, call);
        } else {
            calls.admitOrRepeat(id, call);
        }
    }

    /**
     * @param waitAtMost how long to queue when there is no room; null to be refused then
     * @param gpu with how many GPUs, where those are fewer than usual
     */
    void start(
            Environment environment,
            String owner,
            String requestedBy,
            @Nullable Duration waitAtMost,
            @Nullable Integer gpu) {
        refuseWhileBusy(environment);
        var options = options(
                environment,
                owner,
                OperationKind.START,
                EnvironmentStatus.STARTING,
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL);
        var request = new OperationRequest(environment.id(), requestedBy, waitAtMost, gpu, null);
        calls.admit(environment.id(), () -> {
            var start = temporal.newWorkflowStub(StartEnvironment.class, options);
            return WorkflowClient.executeUpdateWithStart(
                    start::admit, update(), new WithStartWorkflowOperation<>(start::start, request));
        });
    }

    /** Of a start that waits for capacity it ends the waiting. */
    void stop(Environment environment, String owner, String requestedBy) {
        if (queuedStart(environment)) {
            var request = new OperationRequest(environment.id(), requestedBy);
            calls.admit(
                    environment.id(),
                    () -> temporal.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(environment.id()))
                            .update(EnvironmentWorkflows.STOP_WAITING, Admission.class, request));
            return;
        }
        refuseWhileBusy(environment);
        var options = options(
                environment,
                owner,
                OperationKind.STOP,
                EnvironmentStatus.STOPPING,
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL);
        var request = new OperationRequest(environment.id(), requestedBy);
        calls.admit(environment.id(), () -> {
            var stop = temporal.newWorkflowStub(StopEnvironment.class, options);
            return WorkflowClient.executeUpdateWithStart(
                    stop::admit, update(), new WithStartWorkflowOperation<>(stop::stop, request));
        });
    }

    /**
     * Also reaches a create that is still running, and a start that waits for capacity, which roll back first, and a delete,
     * which is answered again.
     */
    void delete(Environment environment, String owner, String requestedBy) {
        operations
                .open(environment.id())
                .filter(open -> open.kind() == OperationKind.START && environment.status() != EnvironmentStatus.QUEUED
                        || open.kind() == OperationKind.STOP)
                .ifPresent(open -> {
                    throw OperationProblems.inProgress(open);
                });
        var options = options(
                environment,
                owner,
                OperationKind.DELETE,
                EnvironmentStatus.DELETING,
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING);
        var request = new OperationRequest(environment.id(), requestedBy);
        calls.admit(environment.id(), () -> {
            var delete = temporal.newWorkflowStub(DeleteEnvironment.class, options);
            return WorkflowClient.executeUpdateWithStart(
                    delete::delete, request, update(), new WithStartWorkflowOperation<>(delete::run, request));
        });
    }

    /** The workflow decides: it may have its turn at this moment. */
    private boolean queuedStart(Environment environment) {
        return environment.status() == EnvironmentStatus.QUEUED
                && operations
                        .open(environment.id())
                        .filter(open -> open.kind() == OperationKind.START)
                        .isPresent();
    }

    /** Saves a trip to Temporal; what begins after this look is refused by Temporal itself. */
    private void refuseWhileBusy(Environment environment) {
        operations.open(environment.id()).ifPresent(open -> {
            throw OperationProblems.inProgress(open);
        });
    }

    /** Without an id of ours: the server answers a known id from the last run, and starts nothing, when that has ended. */
    private static UpdateOptions<Admission> update() {
        return UpdateOptions.newBuilder(Admission.class).build();
    }

    private static WorkflowOptions options(
            Environment environment,
            String owner,
            OperationKind kind,
            EnvironmentStatus status,
            WorkflowIdConflictPolicy conflict) {
        return options(
                environment.id(),
                owner,
                environment.deploymentMode().wireName(),
                status,
                environment.hostId(),
                conflict,
                "%s %s of %s".formatted(kind.wireName(), environment.name(), owner));
    }

    private static WorkflowOptions options(
            UUID id,
            String owner,
            String mode,
            EnvironmentStatus status,
            @Nullable String hostId,
            WorkflowIdConflictPolicy conflict,
            String summary) {
        var attributes = io.temporal.common.SearchAttributes.newBuilder()
                .set(SearchAttributes.ENVIRONMENT_ID, id.toString())
                .set(SearchAttributes.USER_NAME, owner)
                .set(SearchAttributes.DEPLOYMENT_MODE, mode)
                .set(SearchAttributes.ENVIRONMENT_STATUS, status.wireName());
        if (hostId != null) {
            attributes.set(SearchAttributes.HOST_ID, hostId);
        }
        return EnvironmentWorkflows.options(id)
                .setWorkflowIdConflictPolicy(conflict)
                .setTypedSearchAttributes(attributes.build())
                .setStaticSummary(summary)
                .build();
    }
}
