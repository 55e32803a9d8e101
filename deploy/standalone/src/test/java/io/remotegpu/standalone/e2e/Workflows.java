package io.remotegpu.standalone.e2e;

import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What Temporal itself says of environments' workflows. */
final class Workflows {

    /** What Temporal's own command line says, of success and of failure. */
    static String cli(String temporal, String... words) {
        var command = new ArrayList<>(List.of(Needs.temporalCli().toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--address", temporal));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The last run of an environment's workflow; an open one that does not end is an operation that hangs. */
    static void awaitEnd(String temporal, UUID id) {
        var service = connect(temporal);
        try {
            var stub = WorkflowClient.newInstance(service).newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id));
            Eventually.value(
                    "the workflow of " + id + " ends",
                    () -> stub.describe().getStatus(),
                    status -> status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
        } finally {
            service.shutdownNow();
        }
    }

    /** The latest run of an environment's workflow has tried a step in vain, because it was not heard of any more. */
    static void awaitTimeout(String temporal, UUID id) {
        var service = connect(temporal);
        try {
            var client = WorkflowClient.newInstance(service);
            Eventually.until("a step of " + id + " has timed out", () -> {
                var execution = client.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id))
                        .describe()
                        .getExecution();
                // Of a step that is retried the history tells nothing until it has ended.
                var pending = service.blockingStub()
                        .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                                .setNamespace(client.getOptions().getNamespace())
                                .setExecution(execution)
                                .build())
                        .getPendingActivitiesList();
                return pending.stream().anyMatch(step -> step.getLastFailure().hasTimeoutFailureInfo())
                        || client.fetchHistory(execution.getWorkflowId(), execution.getRunId()).getEvents().stream()
                                .anyMatch(HistoryEvent::hasActivityTaskTimedOutEventAttributes);
            });
        } finally {
            service.shutdownNow();
        }
    }

    /** Loses it; one that has ended already is success. */
    static void terminate(String temporal, UUID id) {
        var service = connect(temporal);
        try {
            WorkflowClient.newInstance(service)
                    .newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id))
                    .terminate("lost");
        } catch (WorkflowNotFoundException over) {
            // It was faster.
        } finally {
            service.shutdownNow();
        }
    }

    /** Patient: a busy machine answers late. */
    private static WorkflowServiceStubs connect(String temporal) {
        return WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(temporal)
                .setRpcTimeout(Duration.ofMinutes(1))
                .build());
    }

    private Workflows() {}
}
