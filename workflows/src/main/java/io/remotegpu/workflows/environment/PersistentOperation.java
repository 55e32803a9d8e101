package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.OperationKind;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Functions;
import io.temporal.workflow.Workflow;
import java.util.UUID;

/**
 * An operation that gives back, and is therefore never given up once it was admitted: its steps retry until they work,
 * whatever the error, and cancelling the workflow does not stop it.
 */
final class PersistentOperation extends OperationRun {

    PersistentOperation(UUID environmentId) {
        super(environmentId);
    }

    void run(OperationKind kind, OperationRequest request, Functions.Proc1<EnvironmentFacts> steps) {
        Workflow.newDetachedCancellationScope(() -> admitAndRun(kind, request, steps))
                .run();
        awaitCallers();
    }

    @Override
    String whyNotAbort() {
        return "it gives back, and goes on until it has: " + INSTEAD;
    }

    @Override
    void abort(String why) {
        throw new IllegalStateException(whyNotAbort());
    }

    @Override
    boolean aborted() {
        return false;
    }

    private void admitAndRun(OperationKind kind, OperationRequest request, Functions.Proc1<EnvironmentFacts> steps) {
        EnvironmentFacts environment;
        try {
            environment = Steps.records("mark it for " + kind.wireName()).begin(id(), kind, request);
        } catch (ActivityFailure failure) {
            refuse(failure.getCause() instanceof ApplicationFailure refused ? refused : failure);
            return;
        }
        admit();
        steps.apply(environment);
    }
}
