package io.remotegpu.activities.watch;

import io.remotegpu.activities.worker.AutomaticStops;
import io.remotegpu.db.host.DrainedEnvironments.Drained;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.LoseHost;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;

/** Workflows that the watch starts; each one's id lets only one of it run. */
final class WatchedOperations {

    private final WorkflowClient temporal;
    private final AutomaticStops stops;

    WatchedOperations(WorkflowClient temporal) {
        this.temporal = temporal;
        this.stops = new AutomaticStops(temporal);
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
        return stops.begin(
                new AutomaticStops.Running(
                        environment.id(),
                        environment.name(),
                        environment.owner(),
                        environment.mode(),
                        environment.hostId()),
                new OperationRequest(environment.id(), "the drain of host " + environment.hostId()));
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
