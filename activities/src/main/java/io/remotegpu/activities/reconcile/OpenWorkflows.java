package io.remotegpu.activities.reconcile;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.remotegpu.workflows.environment.CreateEnvironment;
import io.remotegpu.workflows.environment.DeleteEnvironment;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.StartEnvironment;
import io.remotegpu.workflows.environment.StopEnvironment;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks Temporal which workflows of environments are open. */
final class OpenWorkflows {

    /** The workflows that are an operation; what repairs one is not. */
    private static final Map<String, String> OPERATIONS = Map.of(
            CreateEnvironment.class.getSimpleName(), "create",
            StartEnvironment.class.getSimpleName(), "start",
            StopEnvironment.class.getSimpleName(), "stop",
            DeleteEnvironment.class.getSimpleName(), "delete");

    private static final String OPEN = OPERATIONS.keySet().stream()
            .sorted()
            .collect(Collectors.joining("', '", "ExecutionStatus = 'Running' AND WorkflowType IN ('", "')"));

    /** Attempts of a workflow's next task after which another one is not waited for. */
    private static final int HOPELESS = 10;

    private static final int BEGINNING = 50;

    private final WorkflowClient temporal;
    private final Function<String, Stream<WorkflowExecutionMetadata>> visibility;

    OpenWorkflows(WorkflowClient temporal) {
        this(temporal, temporal::listExecutions);
    }

    /** @param visibility answers a list query */
    OpenWorkflows(WorkflowClient temporal, Function<String, Stream<WorkflowExecutionMetadata>> visibility) {
        this.temporal = temporal;
        this.visibility = visibility;
    }

    /** Throws when Temporal does not say: only its own word that there is none counts. */
    boolean has(UUID environmentId) {
        return describe(temporal.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(environmentId)))
                .filter(OpenWorkflows::open)
                .isPresent();
    }

    /** Every operation's, as visibility has it: some ended since, and the newest may not be in it yet. */
    List<OpenWorkflow> operations() {
        try (var listed = visibility.apply(OPEN)) {
            return listed.flatMap(workflow -> EnvironmentWorkflows.environmentOf(
                            workflow.getExecution().getWorkflowId())
                            .map(id -> new OpenWorkflow(
                                    id,
                                    Objects.requireNonNull(OPERATIONS.get(workflow.getWorkflowType())),
                                    workflow.getExecution().getRunId()))
                            .stream())
                    .toList();
        }
    }

    /**
     * Whether it waits for something other than us: for a timer, a step on a host, somebody's word. One whose next task is
     * with a worker, or waits for one, is just about to move; unless that failed so often that it will not. One that has not
     * begun, which Temporal may put off, has not written down yet what it does.
     */
    boolean waits(OpenWorkflow workflow) {
        return describe(stub(workflow))
                .filter(OpenWorkflows::open)
                .map(WorkflowExecutionDescription::getRawDescription)
                .filter(described -> described.hasPendingWorkflowTask()
                        ? described.getPendingWorkflowTask().getAttempt() > HOPELESS
                        : hasBegun(workflow))
                .isPresent();
    }

    private boolean hasBegun(OpenWorkflow workflow) {
        return beginning(workflow).getEventsList().stream()
                .anyMatch(HistoryEvent::hasWorkflowTaskCompletedEventAttributes);
    }

    /** The operation as the rows would know it: stays the same when an operator resets the workflow. */
    String operationId(OpenWorkflow workflow) {
        return beginning(workflow)
                .getEvents(0)
                .getWorkflowExecutionStartedEventAttributes()
                .getOriginalExecutionRunId();
    }

    /** The first events of its history: its first task is among them, or it has none. */
    private History beginning(OpenWorkflow workflow) {
        return temporal.getWorkflowServiceStubs()
                .blockingStub()
                .getWorkflowExecutionHistory(GetWorkflowExecutionHistoryRequest.newBuilder()
                        .setNamespace(temporal.getOptions().getNamespace())
                        .setExecution(WorkflowExecution.newBuilder()
                                .setWorkflowId(EnvironmentWorkflows.workflowId(workflow.environmentId()))
                                .setRunId(workflow.runId()))
                        .setMaximumPageSize(BEGINNING)
                        .build())
                .getHistory();
    }

    /** Ends it where it is; none of its undos are run. That it ended before is success. */
    void terminate(OpenWorkflow workflow, String why) {
        try {
            stub(workflow).terminate(why);
        } catch (WorkflowNotFoundException ended) {
            // Nothing is left to end.
        }
    }

    private WorkflowStub stub(OpenWorkflow workflow) {
        return temporal.newUntypedWorkflowStub(WorkflowTargetOptions.newBuilder()
                .setWorkflowId(EnvironmentWorkflows.workflowId(workflow.environmentId()))
                .setRunId(workflow.runId())
                .build());
    }

    private static boolean open(WorkflowExecutionDescription described) {
        return described.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    }

    private static Optional<WorkflowExecutionDescription> describe(WorkflowStub stub) {
        try {
            return Optional.of(stub.describe());
        } catch (WorkflowNotFoundException none) {
            return Optional.empty();
        } catch (StatusRuntimeException failure) {
            if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
