package io.remotegpu.workflows.reconcile;

import io.remotegpu.workflows.StepCalls;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.FailureReason;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Public for the SDK, which constructs it; nobody else may. */
public final class ReconcileImpl implements Reconcile {

    private final TreeSet<String> seen = new TreeSet<>();
    private final TreeSet<String> unseen = new TreeSet<>();
    private final List<Repair> due = new ArrayList<>();

    @Override
    public PassReport reconcile() {
        var pass = RepairCalls.steps("which hosts to ask").begin();
        Promise.allOf(pass.hosts().stream()
                        .map(host -> Async.procedure(() -> ask(pass, host)))
                        .toList())
                .get();
        due.addAll(RepairCalls.steps("check the invariants of the rows").checkRows(pass));
        due.addAll(RepairCalls.regular("compare operations with workflows").checkOperations(pass));
        int begun = 0;
        for (var repair : due) {
            begun += begin(repair) ? 1 : 0;
        }
        var report = RepairCalls.steps("close what is gone").end(pass, seen, begun);
        return new PassReport(List.copyOf(seen), List.copyOf(unseen), begun, report.open());
    }

    private void ask(Pass pass, HostToAsk host) {
        try {
            var answers = RepairCalls.look(host.id()).list(host.modes());
            due.addAll(
                    RepairCalls.steps("compare " + host.id() + " with the rows").compare(pass, host.id(), answers));
            if (answers.stream().allMatch(answer -> answer.trouble() == null)) {
                seen.add(host.id());
            } else {
                unseen.add(host.id());
            }
        } catch (ActivityFailure silent) {
            unseen.add(host.id());
            RepairCalls.steps("nothing is known of " + host.id())
                    .unseen(pass, host.id(), FailureReason.of(silent).message());
        }
    }

    /** False when an operation, or another repair, has the environment. */
    private static boolean begin(Repair repair) {
        var child = Workflow.newChildWorkflowStub(
                RepairEnvironment.class,
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(EnvironmentWorkflows.workflowId(repair.environmentId()))
                        .setWorkflowTaskTimeout(StepCalls.IN_HAND)
                        // It goes on when the pass is over: the next pass need not wait for a host.
                        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                        .setStaticSummary(repair.kind().name().toLowerCase(Locale.ROOT) + ": " + repair.reason())
                        .build());
        Async.function(child::repair, repair);
        try {
            Workflow.getWorkflowExecution(child).get();
            return true;
        } catch (ChildWorkflowFailure taken) {
            return false;
        }
    }
}
