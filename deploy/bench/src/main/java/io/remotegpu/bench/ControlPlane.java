package io.remotegpu.bench;

import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * (b) What the control plane takes for a create on the in-memory driver, in turn with an empty workflow on the same
 * Temporal server. The end of both is the end of the workflow, asked for in the same way.
 */
final class ControlPlane {

    private static final int WARM_UP = 40;

    private final Environments environments;
    private final EmptyWorkers workers;
    private final List<StepKind> steps;
    private final List<HistoryEvent> history;

    private ControlPlane(Environments environments, EmptyWorkers workers, List<HistoryEvent> history) {
        this.environments = environments;
        this.workers = workers;
        this.history = history;
        this.steps = StepKind.of(history);
    }

    /** Creates one environment, whose history says what an empty workflow must have. */
    static ControlPlane prepare(Api api, EmptyWorkers workers) throws InterruptedException {
        var environments = new Environments(api);
        var environment = environments.create("simulated", 0, "Prefer", "wait=60");
        environments.awaitRunning(environment);
        var id = Environments.id(environment);
        awaitEnd(workers, id);
        var history = workers.client()
                .fetchHistory(EnvironmentWorkflows.workflowId(id))
                .getEvents();
        environments.delete(id);
        return new ControlPlane(environments, workers, history);
    }

    /** The steps of a create, as its history has them. */
    List<StepKind> steps() {
        return steps;
    }

    int events() {
        return history.size();
    }

    int workflowTasks() {
        return (int) history.stream()
                .filter(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
                .count();
    }

    Comparison measure(int samples, Progress progress) throws InterruptedException {
        var ours = new ArrayList<Long>();
        var empty = new ArrayList<Long>();
        var made = new ArrayList<UUID>();
        for (int i = -WARM_UP; i < samples; i++) {
            progress.at("control plane", Math.max(0, i), samples);
            long began = System.nanoTime();
            UUID id = Environments.id(environments.create("simulated", 0));
            awaitEnd(workers, id);
            long between = System.nanoTime();
            workers.run(steps);
            long ended = System.nanoTime();
            made.add(id);
            if (i >= 0) {
                ours.add(between - began);
                empty.add(ended - between);
            }
        }
        environments.deleteAll(made);
        return new Comparison(new Samples("RemoteGPU", ours), new Samples("empty workflow", empty), 2);
    }

    private static void awaitEnd(EmptyWorkers workers, UUID id) {
        var _ = workers.client()
                .newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id))
                .getResult(Void.class);
    }
}
