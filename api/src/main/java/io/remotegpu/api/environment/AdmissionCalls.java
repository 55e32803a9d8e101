package io.remotegpu.api.environment;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.OperationRepository;
import io.remotegpu.workflows.environment.Admission;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Calls Temporal and waits for the admission, but not for ever; turns what goes wrong into the problem to answer. */
@Component
@EnableConfigurationProperties(OperationsProperties.class)
class AdmissionCalls {

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionCalls.class);
    private static final int ATTEMPTS = 3;

    /** An operation ends in the rows first, where everybody sees it, and a moment later in Temporal. */
    private static final Duration ENDING = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(25);

    private final WorkflowClient temporal;
    private final OperationRepository operations;
    private final OperationsProperties settings;
    private final TimedCalls calls;

    AdmissionCalls(
            WorkflowClient temporal, OperationRepository operations, OperationsProperties settings, TimedCalls calls) {
        this.temporal = temporal;
        this.operations = operations;
        this.settings = settings;
        this.calls = calls;
    }

    void admit(UUID id, Callable<Admission> call) {
        await(id, call);
    }

    /**
     * The same for a create whose caller learns the environment's id from the answer. With a 503 nobody knows it, so it
     * must not come to life later: the workflow, should it have been started, is cancelled, and gives back what it took.
     */
    void admitOrCancel(UUID id, Callable<Admission> call) {
        try {
            await(id, call);
        } catch (ProblemException refused) {
            if (refused.status() == HttpStatus.SERVICE_UNAVAILABLE) {
                LOG.warn("Whether environment {} was admitted is unknown: cancelling", id);
                calls.later(() -> cancel(id));
            }
            throw refused;
        }
    }

    /**
     * The same for a create with an Idempotency-Key. It is never cancelled: the same request, sent again, may have
     * joined it by then, and after a 503 the key finds it.
     */
    void admitOrRepeat(UUID id, Callable<Admission> call) {
        try {
            await(id, call);
        } catch (ProblemException refused) {
            throw refused.status() == HttpStatus.SERVICE_UNAVAILABLE ? OperationProblems.unknownForKey() : refused;
        }
    }

    private void cancel(UUID id) {
        try {
            temporal.newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id)).cancel("nobody waits for it any more");
        } catch (WorkflowException | StatusRuntimeException e) {
            LOG.info("Nothing to cancel for environment {}: {}", id, e.toString());
        }
    }

    private void await(UUID id, Callable<Admission> call) {
        var began = System.nanoTime();
        var deadline = began + settings.admissionTimeout().toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                calls.call(call, Duration.ofNanos(deadline - System.nanoTime()));
                return;
            } catch (ExecutionException e) {
                var failure = e.getCause() == null ? e : e.getCause();
                if (justEnding(id, failure) && System.nanoTime() - began < ENDING.toNanos()) {
                    pause();
                    attempt--;
                    continue;
                }
                // The run that was to be joined ended in between: the next attempt starts its own.
                if (attempt == ATTEMPTS || !endedMeanwhile(failure)) {
                    throw problem(id, failure);
                }
            } catch (TimeoutException e) {
                LOG.warn(
                        "Temporal did not admit an operation on environment {} within {}",
                        id,
                        settings.admissionTimeout());
                throw OperationProblems.temporalUnavailable();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw OperationProblems.temporalUnavailable();
            }
        }
    }

    static boolean endedMeanwhile(Throwable failure) {
        return statusOf(failure) == Status.Code.NOT_FOUND
                || OperationProblems.mentions(failure, "AcceptedUpdateCompletedWorkflow");
    }

    private boolean justEnding(UUID id, Throwable failure) {
        return (isTaken(failure) || knowsNoDelete(failure))
                && operations.open(id).isEmpty();
    }

    /** A delete met a start or stop: one that is just ending, or has not written down yet that it has begun. */
    private static boolean knowsNoDelete(Throwable failure) {
        return failure instanceof WorkflowUpdateException
                && OperationProblems.mentions(failure, "Unknown update name: " + EnvironmentWorkflows.DELETE);
    }

    private static boolean isTaken(Throwable failure) {
        return failure instanceof WorkflowExecutionAlreadyStarted || statusOf(failure) == Status.Code.ALREADY_EXISTS;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw OperationProblems.temporalUnavailable();
        }
    }

    private ProblemException problem(UUID id, Throwable failure) {
        if (isTaken(failure) || knowsNoDelete(failure)) {
            return busy(id);
        }
        var refusal = OperationProblems.refusal(failure);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        // A start or stop that runs knows no delete.
        if (failure instanceof WorkflowUpdateException && operations.open(id).isPresent()) {
            return busy(id);
        }
        if (failure instanceof WorkflowUpdateException) {
            LOG.warn("The workflow of environment {} could not decide", id, failure);
            return OperationProblems.notAdmitted();
        }
        LOG.warn("Temporal refused a call for environment {}", id, failure);
        return OperationProblems.temporalUnavailable();
    }

    private ProblemException busy(UUID id) {
        return operations.open(id).map(OperationProblems::inProgress).orElseGet(OperationProblems::inProgress);
    }

    static Status.Code statusOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException status) {
                return status.getStatus().getCode();
            }
        }
        return Status.Code.OK;
    }
}
