package io.remotegpu.agent;

import io.grpc.StatusRuntimeException;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettingException;
import io.remotegpu.temporal.TemporalSettings;
import io.remotegpu.temporal.Traces;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection to Temporal; made when it is needed, and made again by itself. */
final class TemporalConnection implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 3;

    private final AgentOptions options;
    private final TemporalSettings settings;
    private final WorkflowServiceStubs stubs;
    private final WorkflowClient client;

    /**
     * @param traces of this process, where they are wanted
     * @throws AgentException when a setting is not usable
     */
    TemporalConnection(AgentOptions options, TemporalSettings settings, @Nullable Traces traces) {
        this.options = options;
        var here = settings.withAddress(options.temporal()).withNamespace(options.namespace());
        this.settings = options.tls() ? here.inTls() : here;
        try {
            this.stubs = TemporalConnections.open(this.settings);
            this.client = TemporalConnections.client(stubs, this.settings, traces);
        } catch (TemporalSettingException e) {
            throw new AgentException(e.getMessage(), e);
        }
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
            return TemporalConnections.refusal(e, settings).or(() -> Optional.of(words(e)));
        }
    }

    private String words(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case NOT_FOUND -> "it has no namespace '" + options.namespace() + "' (--namespace)";
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                "it refuses us: " + Objects.requireNonNullElse(e.getStatus().getDescription(), "");
            case UNAVAILABLE, DEADLINE_EXCEEDED ->
                "no answer within " + PATIENCE_SECONDS + " s, or no connection" + cause(e);
            default ->
                e.getStatus().getCode() + ": "
                        + Objects.requireNonNullElse(e.getStatus().getDescription(), "no reason given");
        };
    }

    private static String cause(StatusRuntimeException failure) {
        Throwable cause = failure.getCause();
        return cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    }

    WorkflowClient client() {
        return client;
    }

    @Override
    public void close() {
        stubs.shutdownNow();
    }
}
