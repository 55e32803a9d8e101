package io.remotegpu.api.environment;

import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.KeptLog;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.workflows.SearchAttributes;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.environment.CaptureLog;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.remotegpu.workflows.environment.LogRequest;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Environments' logs. Nobody can call a host, so its agent is asked by a short workflow to leave the log in the database,
 * from where it is read; those who ask at the same time share one.
 */
@Component
class LogReading {

    private static final Logger LOG = LoggerFactory.getLogger(LogReading.class);

    /** So new that it is not read again. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** Longer than the workflow takes, which gives its own reason. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final WorkflowClient temporal;
    private final TimedCalls calls;
    private final KeptLogs logs;

    LogReading(WorkflowClient temporal, TimedCalls calls, KeptLogs logs) {
        this.temporal = temporal;
        this.calls = calls;
        this.logs = logs;
    }

    /** The log as it is now; of what does not run, as it was last kept, if it ever was. */
    Optional<KeptLog> of(Environment environment) {
        var hostId = environment.hostId();
        if (hostId == null || !hasCompute(environment)) {
            return logs.find(environment.id());
        }
        var fresh = logs.findNewerThan(environment.id(), FRESH);
        if (fresh.isPresent()) {
            return fresh;
        }
        capture(environment.id(), hostId, new LogRequest(environment.id(), environment.deploymentMode(), hostId));
        return logs.find(environment.id());
    }

    private static boolean hasCompute(Environment environment) {
        return switch (environment.status()) {
            case CREATING, STARTING, RUNNING, STOPPING -> true;
            case QUEUED, STOPPED, DELETING, DELETED, FAILED -> false;
        };
    }

    private void capture(UUID id, String hostId, LogRequest request) {
        try {
            calls.call(
                    () -> {
                        temporal.newWorkflowStub(CaptureLog.class, options(id, hostId))
                                .capture(request);
                        return true;
                    },
                    PATIENCE);
        } catch (ExecutionException failure) {
            throw problem(id, hostId, failure);
        } catch (TimeoutException late) {
            throw OperationProblems.temporalUnavailable();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw OperationProblems.temporalUnavailable();
        }
    }

    private static ProblemException problem(UUID id, String hostId, ExecutionException failure) {
        String said = "it does not answer";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApplicationFailure application) {
                said = application.getOriginalMessage();
                if (application.getType().equals(ErrorKind.UNSUPPORTED.name())) {
                    return ProblemException.of(HttpStatus.CONFLICT, "unsupported", said);
                }
            }
        }
        LOG.warn("The log of environment {} could not be read on host {}", id, hostId, failure);
        return failure.getCause() instanceof WorkflowFailedException
                ? ProblemException.tryLater(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "host_unavailable",
                        "Host " + hostId + " could not read the log: " + said + ". Try again.",
                        RETRY_AFTER)
                : OperationProblems.temporalUnavailable();
    }

    private static WorkflowOptions options(UUID id, String hostId) {
        return WorkflowOptions.newBuilder()
                .setWorkflowId(EnvironmentWorkflows.logWorkflowId(id))
                .setTaskQueue(TaskQueues.CONTROL)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setTypedSearchAttributes(io.temporal.common.SearchAttributes.newBuilder()
                        .set(SearchAttributes.ENVIRONMENT_ID, id.toString())
                        .set(SearchAttributes.HOST_ID, hostId)
                        .build())
                .setStaticSummary("read the log on " + hostId)
                .build();
    }
}
