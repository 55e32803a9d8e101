package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operation that is either refused without a trace, or admitted and carried out, or fails and gives back all it took.
 *
 * <p>Refused means that it failed before it was admitted: the caller who waits gets the reason, and the workflow ends as
 * completed. Failed means after it: the environment shows the reason at once, then everything is given back, and the
 * workflow ends as failed, where operators look.
 */
final class UndoableOperation extends OperationRun {

    private final Rollback rollback = new Rollback();
    private @Nullable CancellationScope scope;
    private @Nullable String cancelledBecause;
    private boolean aborted;
    private boolean waiting;

    UndoableOperation(UUID environmentId) {
        super(environmentId);
    }

    /**
     * @param steps takes and does; registers the undo of whatever it takes first
     * @param withdraw removes the record of an operation that was refused
     * @return why it failed after it was admitted, or null
     */
    @Nullable
    FailureReason run(Runnable steps, Runnable withdraw) {
        return run(steps, withdraw, null);
    }

    /**
     * The same for one that can take back its being admitted: as long as it waits for capacity, and when it is aborted.
     *
     * @param backOut ends it as if it had not been begun, for that reason, and says what the environment is then;
     *     everything is given back before
     */
    @Nullable
    FailureReason run(
            Runnable steps, Runnable withdraw, Functions.@Nullable Func1<FailureReason, EnvironmentStatus> backOut) {
        try {
            scope = Workflow.newCancellationScope(steps);
            scope.run();
            return null;
        } catch (TemporalFailure failure) {
            var reason = cancelledBecause == null
                    ? FailureReason.of(failure)
                    : new FailureReason(aborted ? FailureReason.ABORTED : FailureReason.CANCELLED, cancelledBecause);
            if (backOut != null && (waiting || aborted)) {
                undoing();
                if (aborted) {
                    var held = rollback.pending();
                    detached(() -> Steps.records("say that it is given up, and why")
                            .giveUp(id(), environmentId(), reason, held));
                }
                rollback.run();
                detached(() -> show(backOut.apply(reason)));
                return reason;
            }
            if (admitted()) {
                giveUp(reason);
                return reason;
            }
            rollback.run();
            detached(withdraw);
            refuse(refusal(failure, reason));
            return null;
        }
    }

    /** What it holds so far. */
    Rollback rollback() {
        return rollback;
    }

    /** Stops the steps where they are; what they took is given back. */
    void cancel(String why) {
        cancelledBecause = why;
        if (scope != null) {
            scope.cancel(why);
        }
    }

    /** Whether somebody asked it to stop. */
    boolean cancelled() {
        return cancelledBecause != null;
    }

    @Override
    @Nullable
    String whyNotAbort() {
        if (isUndoing()) {
            return aborted ? null : "it is giving back already what it took: " + INSTEAD;
        }
        if (attended().current() == null && !waiting) {
            return "'" + step() + "' is not a step that waits: look again in a moment";
        }
        return null;
    }

    @Override
    void abort(String why) {
        if (!cancelled()) {
            aborted = true;
            cancel(why);
        }
    }

    @Override
    boolean aborted() {
        return aborted;
    }

    /** Whether it waits for capacity, and can be asked not to. */
    boolean waiting() {
        return waiting && !cancelled();
    }

    /** Who asked hears that it is admitted: it will be done, later. */
    void beginWaiting() {
        waiting = true;
        enterQueue();
        admit();
    }

    void waits(QueueProgress queue) {
        showQueue(queue);
    }

    void endWaiting(EnvironmentStatus status) {
        waiting = false;
        showQueue(null);
        show(status);
    }

    private void giveUp(FailureReason reason) {
        undoing();
        var held = rollback.pending();
        detached(() -> Steps.records("say that it failed, and why").fail(id(), environmentId(), reason, held));
        rollback.run();
        detached(() -> Steps.records("everything is given back").settle(id(), environmentId()));
        show(EnvironmentStatus.FAILED);
    }

    private static void detached(Runnable step) {
        Workflow.newDetachedCancellationScope(step).run();
    }

    /** The refusal as the activity put it, so that its details reach the caller. */
    private static ApplicationFailure refusal(TemporalFailure failure, FailureReason reason) {
        return failure.getCause() instanceof ApplicationFailure refused
                ? refused
                : ApplicationFailure.newNonRetryableFailure(reason.message(), reason.code());
    }
}
