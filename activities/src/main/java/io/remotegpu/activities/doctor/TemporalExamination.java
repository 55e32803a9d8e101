package io.remotegpu.activities.doctor;

import io.grpc.StatusRuntimeException;
import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettingException;
import io.remotegpu.temporal.TemporalSettings;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.reconcile.PassReport;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether Temporal answers, somebody works for it, and a pass of the reconciler comes to its end. */
final class TemporalExamination {

    /** A silent host is waited for, for less than this. */
    private static final Duration PASS = Duration.ofSeconds(100);

    private static final Duration CALL = Duration.ofSeconds(10);
    private static final String NO_WORKER = "Start the server, or the worker, that has the control role.";

    private final WorkflowServiceStubs service;
    private final WorkflowClient client;
    private final List<Diagnosis> found;

    private TemporalExamination(WorkflowServiceStubs service, WorkflowClient client, List<Diagnosis> found) {
        this.service = service;
        this.client = client;
        this.found = found;
    }

    /** Whether the engines were asked. */
    static boolean of(TemporalSettings settings, List<Diagnosis> found) {
        WorkflowServiceStubs service;
        WorkflowClient client;
        try {
            service = WorkflowServiceStubs.newServiceStubs(
                    TemporalConnections.options(settings).setRpcTimeout(CALL).build());
            client = TemporalConnections.client(service, settings);
        } catch (TemporalSettingException unusable) {
            found.add(Diagnosis.unchecked(
                    "temporal",
                    "Temporal cannot be asked: " + unusable.getMessage(),
                    "Give the doctor the settings of the server."));
            return false;
        }
        return of(settings, service, client, found);
    }

    private static boolean of(
            TemporalSettings settings, WorkflowServiceStubs service, WorkflowClient client, List<Diagnosis> found) {
        var target = settings.address();
        try {
            return new TemporalExamination(service, client, found).examine(target);
        } catch (StatusRuntimeException failure) {
            found.add(Diagnosis.unchecked(
                    "temporal",
                    TemporalConnections.refusal(failure, settings)
                            .orElse("Temporal on " + target + " does not answer: " + failure.getStatus()),
                    "See ./remotegpu status, and the logs folder."));
            return false;
        } finally {
            service.shutdownNow();
            service.awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    private boolean examine(String target) {
        var info = service.blockingStub()
                .withDeadlineAfter(CALL.toSeconds(), TimeUnit.SECONDS)
                .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
        found.add(Diagnosis.fine("temporal", "server " + info.getServerVersion() + " answers on " + target));
        var worked = isWorked(TaskQueues.CONTROL) & isWorked(ReconcilerWorkflows.QUEUE);
        return worked && pass();
    }

    private boolean isWorked(String queue) {
        var pollers = service.blockingStub()
                .describeTaskQueue(DescribeTaskQueueRequest.newBuilder()
                        .setNamespace(client.getOptions().getNamespace())
                        .setTaskQueue(TaskQueue.newBuilder().setName(queue))
                        .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
                        .build())
                .getPollersCount();
        found.add(
                pollers > 0
                        ? Diagnosis.fine("temporal", "somebody works for queue '" + queue + "'")
                        : Diagnosis.finding("temporal", "nobody works for queue '" + queue + "'", NO_WORKER));
        return pollers > 0;
    }

    private boolean pass() {
        var typed = client.newWorkflowStub(
                Reconcile.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(ReconcilerWorkflows.ASKED_FOR)
                        .setTaskQueue(ReconcilerWorkflows.QUEUE)
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .setStaticSummary("asked for by the doctor")
                        .build());
        var before = Instant.now();
        WorkflowClient.start(typed::reconcile);
        var run = WorkflowStub.fromTyped(typed);
        var after = Instant.now();
        var started = run.describe().getStartTime();
        try {
            var report = run.getResult(PASS.toSeconds(), TimeUnit.SECONDS, PassReport.class);
            // One that was joined began before.
            found.add(Clocks.compare("Temporal's", before.minus(PASS), started, after));
            found.add(Diagnosis.fine("engines", words(report)));
            return true;
        } catch (TimeoutException | WorkflowException failure) {
            found.add(Diagnosis.unchecked(
                    "engines",
                    "a pass of the reconciler did not come to its end: " + failure.getMessage(),
                    "Look at workflow '" + ReconcilerWorkflows.ASKED_FOR + "' in Temporal."));
            return false;
        }
    }

    private static String words(PassReport report) {
        return report.hostsSeen().isEmpty()
                ? "no host answered"
                : "those of " + String.join(", ", report.hostsSeen()) + " answered and were compared with the rows";
    }
}
