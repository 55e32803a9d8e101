package io.remotegpu.workflows.environment;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The operator's hand on one operation: refuses, writes down, does. */
final class HandOnOperation implements OperatorsHand {

    private final OperationRun operation;

    HandOnOperation(OperationRun operation) {
        this.operation = operation;
    }

    @Override
    public void checkRetry(HandRequest request) {
        check(request);
        if (operation.attended().current() == null) {
            throw refusal(
                    Refusal.NOTHING_TO_RETRY,
                    "'" + operation.step() + "' is no step of an engine: what fails there is tried again every few "
                            + "seconds by itself");
        }
    }

    @Override
    public HandAnswer retry(HandRequest request) {
        var step = Objects.requireNonNull(operation.attended().current());
        write(Intervention.Kind.RETRY, step, request);
        if (operation.attended().current() != step) {
            return answer("'" + step.name() + "' has ended in the meantime");
        }
        step.tryAgain();
        return answer("a new attempt of '" + step.name() + "' on " + step.hostId() + " follows the one before");
    }

    @Override
    public void checkSkip(HandRequest request) {
        check(request);
        var step = operation.attended().current();
        if (step == null || !step.takesDown()) {
            throw refusal(
                    Refusal.NOT_SKIPPABLE,
                    step == null
                            ? "'" + operation.step() + "' cannot be left out: it is no step of an engine"
                            : "'" + step.name() + "' cannot be left out: without it there is nothing to use. Abort it, "
                                    + "and what it took is given back.");
        }
    }

    @Override
    public HandAnswer skip(HandRequest request) {
        var step = Objects.requireNonNull(operation.attended().current());
        write(Intervention.Kind.SKIP, step, request);
        if (operation.attended().current() != step) {
            return answer("'" + step.name() + "' has ended in the meantime");
        }
        step.leaveOut();
        return answer("'" + step.name() + "' on " + step.hostId() + " is left out");
    }

    @Override
    public void checkAbort(HandRequest request) {
        check(request);
        var why = operation.whyNotAbort();
        if (why != null) {
            throw refusal(Refusal.NOT_ABORTABLE, why);
        }
    }

    @Override
    public HandAnswer abort(HandRequest request) {
        if (!operation.aborted()) {
            write(Intervention.Kind.ABORT, operation.attended().current(), request);
            var why = operation.whyNotAbort();
            if (why != null) {
                // It has gone on while that was written down.
                throw ApplicationFailure.newNonRetryableFailure(why, Refusal.NOT_ABORTABLE.name());
            }
            operation.abort("aborted by " + request.by() + (request.reason() == null ? "" : ": " + request.reason()));
        }
        return answer("it is given up: what it took is given back");
    }

    private void check(HandRequest request) {
        request.check();
        var meant = request.operationId();
        if (meant != null && !meant.equals(operation.id())) {
            throw refusal(
                    Refusal.OPERATION_OVER,
                    "operation " + meant + " is over; under way is " + operation.id() + ": look at it first");
        }
        if (!operation.admitted()) {
            throw refusal(Refusal.INVALID_STATE, "it is just being admitted or refused: try again");
        }
    }

    private void write(Intervention.Kind kind, AttendedSteps.@Nullable Step step, HandRequest request) {
        var intervention = new Intervention(
                operation.id() + "/"
                        + Workflow.getCurrentUpdateInfo().orElseThrow().getUpdateId(),
                kind,
                step == null ? operation.step() : step.name(),
                step == null ? null : step.hostId(),
                Objects.requireNonNull(request.by()),
                request.reason());
        try {
            // Also when the operation is cancelled meanwhile: what was done must be found.
            Workflow.newDetachedCancellationScope(() -> Steps.records(kind.wireName() + " by " + request.by())
                            .intervene(operation.id(), operation.environmentId(), intervention))
                    .run();
        } catch (ActivityFailure failure) {
            throw failure.getCause() instanceof ApplicationFailure refused ? refused : failure;
        }
    }

    private HandAnswer answer(String message) {
        return new HandAnswer(operation.id(), message);
    }

    private static HandRefusedException refusal(Refusal refusal, String message) {
        return new HandRefusedException(refusal, message);
    }
}
