package io.remotegpu.api.environment;

import io.grpc.Status;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.OperationRepository;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.HandAnswer;
import io.remotegpu.workflows.environment.HandRequest;
import io.temporal.client.WorkflowClient;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Says an operator's word to the workflow of the operation under way; throws the problem to answer when that refuses it. */
@Component
class OperationHand {

    private final WorkflowClient temporal;
    private final OperationRepository operations;
    private final OperationsProperties settings;
    private final TimedCalls calls;

    OperationHand(
            WorkflowClient temporal, OperationRepository operations, OperationsProperties settings, TimedCalls calls) {
        this.temporal = temporal;
        this.operations = operations;
        this.settings = settings;
        this.calls = calls;
    }

    /**
     * Returns when it was accepted and written down.
     *
     * @param update what to do, one of {@link io.remotegpu.workflows.environment.OperatorsHand}'s
     * @param operationId the operation that is meant; null for the one under way
     */
    void intervene(
            Environment environment, String update, String by, @Nullable String reason, @Nullable String operationId) {
        var open = operations.open(environment.id()).orElseThrow(() -> none(environment));
        if (operationId != null && !operationId.equals(open.id())) {
            throw ProblemException.of(
                    HttpStatus.CONFLICT,
                    "operation_over",
                    "Operation %s is over; under way is %s: look at it first.".formatted(operationId, open.id()));
        }
        var request = new HandRequest(by, reason, open.id());
        try {
            calls.call(() -> say(environment.id(), update, request), settings.admissionTimeout());
        } catch (ExecutionException e) {
            throw problem(environment, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw OperationProblems.perhapsDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OperationProblems.perhapsDone();
        }
    }

    private HandAnswer say(UUID id, String update, HandRequest request) {
        return temporal.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id))
                .update(update, HandAnswer.class, request);
    }

    private static ProblemException problem(Environment environment, Throwable failure) {
        var refusal = OperationProblems.refusal(failure);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (AdmissionCalls.endedMeanwhile(failure)) {
            return none(environment);
        }
        // A repair has the same workflow id, and no such update.
        if (OperationProblems.mentions(failure, "nknown update")) {
            return ProblemException.of(
                    HttpStatus.CONFLICT,
                    "under_repair",
                    "The workflow of this operation was lost, and the reconciler is finishing it: it is tried again by "
                            + "itself. Look again in a minute.");
        }
        return AdmissionCalls.statusOf(failure) == Status.Code.OK
                ? OperationProblems.notDone()
                : OperationProblems.perhapsDone();
    }

    private static ProblemException none(Environment environment) {
        return ProblemException.of(
                HttpStatus.CONFLICT,
                "no_operation",
                "No operation is under way on '%s': there is nothing to retry, skip or abort. Look at its status and its events."
                        .formatted(environment.name()));
    }
}
