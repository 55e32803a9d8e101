package io.remotegpu.bench;

import io.remotegpu.workflows.SearchAttributes;
import io.temporal.activity.Activity;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.GrpcCompression;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The connection to the server's Temporal, and workers for empty workflows there, set up as RemoteGPU's own are. */
final class EmptyWorkers implements AutoCloseable {

    static final String HOST_QUEUE = "bench-host";
    private static final String CONTROL_QUEUE = "bench-control";
    private static final String NAMESPACE = "default";

    private final WorkflowServiceStubs connection;
    private final WorkflowClient client;
    private final WorkerFactory control;
    private final WorkerFactory host;

    private EmptyWorkers(WorkflowServiceStubs connection) {
        this.connection = connection;
        client = WorkflowClient.newInstance(
                connection,
                WorkflowClientOptions.newBuilder().setNamespace(NAMESPACE).build());
        control = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        var workflows = control.newWorker(
                CONTROL_QUEUE,
                WorkerOptions.newBuilder()
                        .setUsingVirtualThreads(true)
                        .setMaxConcurrentLocalActivityExecutionSize(16)
                        .build());
        workflows.registerWorkflowImplementationTypes(EmptyWorkflowImpl.class);
        workflows.registerActivitiesImplementations(new Nothing());
        host = WorkerFactory.newInstance(client);
        host.newWorker(
                        HOST_QUEUE,
                        WorkerOptions.newBuilder()
                                .setUsingVirtualThreads(true)
                                .setMaxConcurrentActivityTaskPollers(2)
                                .setMaxHeartbeatThrottleInterval(Duration.ofSeconds(2))
                                .setMaxConcurrentActivityExecutionSize(16)
                                .build())
                .registerActivitiesImplementations(new Nothing());
    }

    static EmptyWorkers start(String temporal) {
        var workers = new EmptyWorkers(WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(temporal)
                // as RemoteGPU does
                .setGrpcCompression(GrpcCompression.NONE)
                .build()));
        workers.control.start();
        workers.host.start();
        return workers;
    }

    /** Connected to the server's Temporal. */
    WorkflowClient client() {
        return client;
    }

    /** Starts an empty workflow as the API starts ours, and waits until it has ended. */
    UUID run(List<StepKind> steps) {
        var id = UUID.randomUUID();
        var workflow = client.newWorkflowStub(
                EmptyWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId("bench-" + id)
                        .setTaskQueue(CONTROL_QUEUE)
                        .setWorkflowIdConflictPolicy(
                                io.temporal.api.enums.v1.WorkflowIdConflictPolicy
                                        .WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                                .set(SearchAttributes.USER_NAME, "bench")
                                .set(SearchAttributes.DEPLOYMENT_MODE, "simulated")
                                .build())
                        .setStaticSummary("nothing")
                        .build());
        var _ = WorkflowClient.executeUpdateWithStart(
                workflow::admit,
                UpdateOptions.newBuilder(Boolean.class).build(),
                new WithStartWorkflowOperation<>(workflow::run, steps));
        var _ = WorkflowStub.fromTyped(workflow).getResult(Void.class);
        return id;
    }

    @Override
    public void close() {
        control.shutdownNow();
        host.shutdownNow();
        control.awaitTermination(5, TimeUnit.SECONDS);
        host.awaitTermination(5, TimeUnit.SECONDS);
        connection.shutdownNow();
    }

    private static final class Nothing implements EmptySteps {

        @Override
        public void nothing() {}

        @Override
        public void nothingButHeartbeat() {
            Activity.getExecutionContext().heartbeat("nothing");
        }
    }
}
