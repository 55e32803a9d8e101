package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** The real workflows on Temporal's in-process server, with fake steps. */
final class Stage implements AutoCloseable {

    private static final WorkerOptions QUICK_TO_CANCEL = WorkerOptions.newBuilder()
            .setMaxHeartbeatThrottleInterval(Duration.ofMillis(100))
            .build();

    final UUID id = UUID.randomUUID();
    final Ledger ledger = new Ledger();
    final TestWorkflowEnvironment temporal;

    /** Hosts h1 and h2 have an agent; h3 has none. */
    Stage() {
        this(EnvironmentWorkflows.implementations());
    }

    Stage(Class<?>[] implementations) {
        var options = TestEnvironmentOptions.newBuilder();
        SearchAttributes.all()
                .forEach(key ->
                        options.registerSearchAttribute(key.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
        temporal = TestWorkflowEnvironment.newInstance(options.build());
        var steps = new FakeSteps(ledger, spec(), temporal::currentTimeMillis);
        var control = temporal.newWorker(TaskQueues.CONTROL);
        control.registerWorkflowImplementationTypes(implementations);
        control.registerActivitiesImplementations(steps.database());
        for (var host : new String[] {"h1", "h2"}) {
            temporal.newWorker(TaskQueues.ofHost(host), QUICK_TO_CANCEL)
                    .registerActivitiesImplementations(steps.engine(host));
        }
        temporal.start();
    }

    static EnvironmentSpec spec() {
        return new EnvironmentSpec(
                "train-1",
                EnvironmentType.TERMINAL,
                DeploymentMode.DOCKER,
                4,
                16L << 30,
                1,
                50L << 30,
                "remotegpu/terminal:1",
                Map.of(),
                null,
                null,
                null,
                null,
                0);
    }

    /** Starts a create and waits for its admission, as the API does. */
    Admission create() {
        var workflow = temporal.getWorkflowClient()
                .newWorkflowStub(
                        CreateEnvironment.class,
                        options(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING));
        return WorkflowClient.executeUpdateWithStart(
                workflow::admit,
                update(Admission.class),
                new WithStartWorkflowOperation<>(workflow::create, new CreateRequest(id, 1, "alice", spec(), null)));
    }

    Admission start() {
        var workflow = temporal.getWorkflowClient()
                .newWorkflowStub(
                        StartEnvironment.class, options(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL));
        return WorkflowClient.executeUpdateWithStart(
                workflow::admit,
                update(Admission.class),
                new WithStartWorkflowOperation<>(workflow::start, new OperationRequest(id, "alice")));
    }

    /** A create that waits at most that long for room. */
    Admission create(Duration waitAtMost) {
        var workflow = temporal.getWorkflowClient()
                .newWorkflowStub(
                        CreateEnvironment.class,
                        options(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING));
        return WorkflowClient.executeUpdateWithStart(
                workflow::admit,
                update(Admission.class),
                new WithStartWorkflowOperation<>(
                        workflow::create, new CreateRequest(id, 1, "alice", spec(), null, waitAtMost)));
    }

    Admission start(Duration waitAtMost) {
        var workflow = temporal.getWorkflowClient()
                .newWorkflowStub(
                        StartEnvironment.class, options(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL));
        return WorkflowClient.executeUpdateWithStart(
                workflow::admit,
                update(Admission.class),
                new WithStartWorkflowOperation<>(workflow::start, new OperationRequest(id, "alice", waitAtMost)));
    }

    Admission stopWaiting() {
        return stub().update(EnvironmentWorkflows.STOP_WAITING, Admission.class, new OperationRequest(id, "alice"));
    }

    HandAnswer hand(String update) {
        return hand(update, new HandRequest("bob", null, null));
    }

    HandAnswer hand(String update, HandRequest request) {
        return stub().update(update, HandAnswer.class, request);
    }

    void wake() {
        stub().signal(EnvironmentWorkflows.WAKE);
    }

    Admission stop() {
        var workflow = temporal.getWorkflowClient()
                .newWorkflowStub(
                        StopEnvironment.class, options(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL));
        return WorkflowClient.executeUpdateWithStart(
                workflow::admit,
                update(Admission.class),
                new WithStartWorkflowOperation<>(workflow::stop, new OperationRequest(id, "alice")));
    }

    Admission delete() {
        var workflow = temporal.getWorkflowClient()
                .newWorkflowStub(
                        DeleteEnvironment.class,
                        options(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING));
        var request = new OperationRequest(id, "alice");
        return WorkflowClient.executeUpdateWithStart(
                workflow::delete,
                request,
                update(Admission.class),
                new WithStartWorkflowOperation<>(workflow::run, request));
    }

    void captureLog(String hostId) {
        temporal.getWorkflowClient()
                .newWorkflowStub(
                        CaptureLog.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(TaskQueues.CONTROL)
                                .setWorkflowId(EnvironmentWorkflows.logWorkflowId(id))
                                .build())
                .capture(new LogRequest(id, DeploymentMode.DOCKER, hostId));
    }

    /** Waits until the environment's newest run has ended; throws what it failed with. */
    void ended() {
        stub().getResult(Void.class);
    }

    OperationProgress progress() {
        return stub().query(EnvironmentWorkflows.PROGRESS, OperationProgress.class);
    }

    WorkflowExecutionHistory history() {
        return temporal.getWorkflowClient().fetchHistory(EnvironmentWorkflows.workflowId(id));
    }

    WorkflowStub stub() {
        return temporal.getWorkflowClient().newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id));
    }

    static RuntimeException refusal(Refusal refusal) {
        return ApplicationFailure.newNonRetryableFailure("no: " + refusal.code(), refusal.name());
    }

    static RuntimeException engine(String kind, boolean retried, int port) {
        return ApplicationFailure.newBuilder()
                .setType(kind)
                .setMessage("the engine says " + kind)
                .setNonRetryable(!retried)
                .setDetails(port)
                .build();
    }

    private WorkflowOptions options(WorkflowIdConflictPolicy conflict) {
        return EnvironmentWorkflows.options(id)
                .setWorkflowIdConflictPolicy(conflict)
                .build();
    }

    private static <R> UpdateOptions<R> update(Class<R> result) {
        return UpdateOptions.newBuilder(result)
                .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                .build();
    }

    @Override
    public void close() {
        temporal.close();
    }
}
