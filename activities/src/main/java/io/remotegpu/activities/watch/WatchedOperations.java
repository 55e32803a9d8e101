package io.remotegpu.activities.watch;

import io.remotegpu.activities.worker.AutomaticOperations;
import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.db.host.DrainedEnvironments.Drained;
import io.remotegpu.db.user.DeactivatedEnvironments;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.HandAnswer;
import io.remotegpu.workflows.environment.HandRequest;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.LoseHost;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workflows that the watch starts; each one's id lets only one of it run. */
final class WatchedOperations {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedOperations.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final WorkflowClient temporal;
    private final AutomaticOperations operations;

    WatchedOperations(WorkflowClient temporal) {
        this.temporal = temporal;
        this.operations = new AutomaticOperations(temporal);
    }

    /** False when it is dealt with already. */
    boolean lose(String hostId) {
        var lose = temporal.newWorkflowStub(
                LoseHost.class,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(HostWorkflows.loseWorkflowId(hostId))
                        .setTaskQueue(TaskQueues.HOSTS)
                        .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                                .set(SearchAttributes.HOST_ID, hostId)
                                .build())
                        .setStaticSummary("host " + hostId + " was declared lost")
                        .build());
        return started(() -> WorkflowClient.start(lose::lose, hostId));
    }

    /** False when another operation runs on it: then it is looked at again. */
    boolean stop(Drained environment) {
        return operations.begin(
                OperationKind.STOP,
                new AutomaticOperations.Subject(
                        environment.id(),
                        environment.name(),
                        environment.owner(),
                        environment.mode(),
                        environment.hostId()),
                new OperationRequest(environment.id(), "the drain of host " + environment.hostId()));
    }

    /** False when another operation runs on it: then it is looked at again. */
    boolean stop(DeactivatedEnvironments.Due environment, String hostId) {
        return operations.begin(
                OperationKind.STOP,
                new AutomaticOperations.Subject(
                        environment.id(), environment.name(), environment.owner(), environment.mode(), hostId),
                new OperationRequest(
                        environment.id(), AutomaticChanges.DEACTIVATION, null, null, environment.reason()));
    }

    /** Gives a create or start up. False when that cannot be now, or it just ended: then it is looked at again. */
    boolean abort(DeactivatedEnvironments.Due environment, String operationId) {
        var request = new HandRequest(AutomaticChanges.DEACTIVATION, environment.reason(), operationId);
        var options = UpdateOptions.newBuilder(HandAnswer.class)
                .setUpdateName(EnvironmentWorkflows.ABORT)
                // The same one whenever it is said, so that it is written down once.
                .setUpdateId(AutomaticChanges.DEACTIVATION + "/" + operationId)
                .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
                .build();
        var said = CompletableFuture.supplyAsync(
                () -> temporal.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(environment.id()))
                        .startUpdate(options, request),
                Thread::startVirtualThread);
        try {
            said.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException refused) {
            LOG.info("{} of '{}' is not given up now: {}", operationId, environment.name(), refused.getMessage());
            return false;
        } catch (TimeoutException slow) {
            // A worker was not there in time: Temporal may still say it to the workflow, once.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the worker is shutting down; another pass goes on", e);
        }
    }

    private static boolean started(Runnable start) {
        try {
            start.run();
            return true;
        } catch (WorkflowExecutionAlreadyStarted running) {
            return false;
        }
    }
}
