package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.SearchAttributes;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What every operation has: an id, a caller who waits for the admission, and steps that people watch and attend to. */
abstract class OperationRun {

    /** What can be done about one that gives back. */
    static final String INSTEAD =
            "retry its step now; or, when the host is gone for good, declare that host lost: then it ends by itself";

    private final String id = Workflow.getInfo().getOriginalExecutionRunId();
    private final CompletablePromise<Admission> admission = Workflow.newPromise();
    private final List<String> done = new ArrayList<>();
    private final AttendedSteps attended = new AttendedSteps();
    private final UUID environmentId;
    private String step = "admit";
    private boolean undoing;
    private @Nullable QueueProgress queue;

    OperationRun(UUID environmentId) {
        this.environmentId = environmentId;
        Workflow.registerListener(new HandOnOperation(this));
    }

    /** The run's id, by which the records know the operation; stays when an operator resets the workflow. */
    final String id() {
        return id;
    }

    final UUID environmentId() {
        return environmentId;
    }

    /** The steps that engines do. */
    final AttendedSteps attended() {
        return attended;
    }

    final String step() {
        return step;
    }

    /** Why it cannot be given up now, in words; null when it can, or is already. */
    abstract @Nullable String whyNotAbort();

    /** Gives it up, where {@link #whyNotAbort} has nothing against it. */
    abstract void abort(String why);

    abstract boolean aborted();

    /** From now on the caller knows that it will be done. */
    final void admit() {
        admission.complete(new Admission(environmentId));
    }

    final void refuse(RuntimeException refusal) {
        admission.completeExceptionally(refusal);
    }

    final boolean admitted() {
        return admission.isCompleted();
    }

    /** Waits until it is admitted, or fails with the refusal. */
    final Admission admission() {
        return admission.get();
    }

    /** Lets every caller have its answer before the workflow ends, also when the workflow was cancelled. */
    final void awaitCallers() {
        Workflow.newDetachedCancellationScope(() -> Workflow.await(Workflow::isEveryHandlerFinished))
                .run();
    }

    /** A long step begins, and the rows say so already. */
    final void entered(String next) {
        advance(next);
    }

    /** A long step begins. */
    final void enter(String next) {
        advance(next);
        Steps.records("begin step '" + next + "'").enter(id, environmentId, next);
    }

    /** The last line of an operation's story. */
    final void succeed(EnvironmentStatus status) {
        Steps.records("it is " + status.wireName()).succeed(id, environmentId, status);
        advance(status.wireName());
        show(status);
    }

    final boolean isUndoing() {
        return undoing;
    }

    final void undoing() {
        undoing = true;
        Workflow.setCurrentDetails(
                "'" + step + "' " + (aborted() ? "was aborted" : "failed") + "; giving back what was taken");
    }

    final OperationProgress progress() {
        return new OperationProgress(step, List.copyOf(done), undoing, queue);
    }

    /** The rows say already that it waits. */
    final void enterQueue() {
        advance("queue");
        show(EnvironmentStatus.QUEUED);
    }

    final void showQueue(@Nullable QueueProgress now) {
        queue = now;
        if (now != null) {
            Workflow.setCurrentDetails(String.join(" → ", done) + " → **queue**, " + now.position() + " of "
                    + now.waiting() + ": " + now.reason());
        }
    }

    static void show(EnvironmentStatus status) {
        Workflow.upsertTypedSearchAttributes(SearchAttributes.ENVIRONMENT_STATUS.valueSet(status.wireName()));
    }

    private void advance(String next) {
        done.add(step);
        step = next;
        Workflow.setCurrentDetails(String.join(" → ", done) + " → **" + next + "**");
    }
}
