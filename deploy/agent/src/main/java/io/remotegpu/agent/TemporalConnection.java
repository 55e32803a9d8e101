package io.remotegpu.agent;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.GrpcCompression;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The connection to Temporal; made when it is needed, and made again by itself. */
final class TemporalConnection implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 3;

    private final AgentOptions options;
    private final WorkflowServiceStubs stubs;

    TemporalConnection(AgentOptions options) {
        this.options = options;
        var settings = WorkflowServiceStubsOptions.newBuilder()
                .setTarget(options.temporal())
                // messages of a few hundred bytes: compressing them costs more than it saves
                .setGrpcCompression(GrpcCompression.NONE);
        if (options.tls()) {
            settings.setEnableHttps(true);
        }
        this.stubs = WorkflowServiceStubs.newServiceStubs(settings.build());
    }

    /** What is wrong, or nothing when it answers and has our namespace. */
    Optional<String> trouble() {
        try {
            stubs.blockingStub()
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .describeNamespace(DescribeNamespaceRequest.newBuilder()
                            .setNamespace(options.namespace())
                            .build());
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            return Optional.of(
                    switch (e.getStatus().getCode()) {
                        case NOT_FOUND -> "it has no namespace '" + options.namespace() + "' (--namespace)";
                        case UNAUTHENTICATED, PERMISSION_DENIED ->
                            "it refuses us: "
                                    + Objects.requireNonNullElse(e.getStatus().getDescription(), "");
                        case UNAVAILABLE, DEADLINE_EXCEEDED ->
                            "no answer within " + PATIENCE_SECONDS + " s, or no connection" + cause(e);
                        default ->
                            e.getStatus().getCode() + ": "
                                    + Objects.requireNonNullElse(e.getStatus().getDescription(), "no reason given");
                    });
        }
    }

    private static String cause(StatusRuntimeException failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    }

    WorkflowClient client() {
        return WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(options.namespace())
                        .build());
    }

    @Override
    public void close() {
        stubs.shutdownNow();
    }
}
