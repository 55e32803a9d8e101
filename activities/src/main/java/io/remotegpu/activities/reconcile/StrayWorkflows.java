package io.remotegpu.activities.reconcile;

import io.remotegpu.db.reconcile.NewFinding;
import io.remotegpu.db.reconcile.Standings;
import io.remotegpu.workflows.reconcile.Pass;
import java.util.HashSet;

/**
 * Workflows that carry out what the rows do not know of, or know to be over: their environment has no row, or their operation
 * is not its open one. So it is after an older copy of the database, or of Temporal, was restored.
 *
 * <p>Such a workflow is ended where it is, and its undos are not run: they would give back by the environment's id what the
 * rows have given to it since, or remove data that the rows have. What it left is found and healed as everything else is.
 */
final class StrayWorkflows {

    private final OpenWorkflows workflows;
    private final Standings standings;
    private final FindingBook book;

    StrayWorkflows(OpenWorkflows workflows, Standings standings, FindingBook book) {
        this.workflows = workflows;
        this.standings = standings;
        this.book = book;
    }

    /** @param most how many to end at once */
    void check(Pass pass, int most) {
        var listed = workflows.operations();
        var known = new HashSet<>(standings.openOperations());
        int ended = 0;
        for (var workflow : listed) {
            if (known.contains(workflow.runId()) || !workflows.waits(workflow)) {
                continue;
            }
            // The rows are asked after it was seen waiting, for by then it has written down what it does; and it is
            // looked at
            // once more after they were, for until then it may have ended as it should.
            if (standings.isOpen(workflows.operationId(workflow)) || !workflows.waits(workflow)) {
                continue;
            }
            var sighting = book.see(pass, finding(workflow));
            if (sighting.ripe() && ended < most) {
                workflows.terminate(workflow, "the database does not know this operation, or knows that it is over");
                book.ended(sighting.id(), "its workflow was ended where it was: what it left is looked for next");
                ended++;
            }
        }
    }

    private static NewFinding finding(OpenWorkflow workflow) {
        var check = Check.WORKFLOW_WITHOUT_OPERATION;
        return new NewFinding(
                check.wireName(),
                "environment/" + workflow.environmentId() + "/" + workflow.runId(),
                check.severity(),
                workflow.environmentId(),
                null,
                "environment " + workflow.environmentId() + ": a workflow (run " + workflow.runId()
                        + ") still carries out a " + workflow.kind()
                        + " that the database does not know, or knows to be over",
                check.remedy());
    }
}
