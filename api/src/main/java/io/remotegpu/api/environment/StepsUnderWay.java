package io.remotegpu.api.environment;

import io.remotegpu.db.environment.Operation;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Asks Temporal how the engine step of an operation is doing; the rows know its name only. */
@Component
class StepsUnderWay {

    private static final Logger LOG = LoggerFactory.getLogger(StepsUnderWay.class);

    /** What is younger does not hang, and people look at it often. */
    private static final Duration YOUNG = Duration.ofSeconds(2);

    /** Without an answer the view is still worth having. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final WorkflowClient temporal;
    private final TimedCalls calls;

    StepsUnderWay(WorkflowClient temporal, TimedCalls calls) {
        this.temporal = temporal;
        this.calls = calls;
    }

    /** Empty when no engine is asked anything just now, and when Temporal does not say. */
    Optional<EngineStepView> of(Operation operation) {
        var now = Instant.now();
        if (!operation.open() || operation.startedAt().isAfter(now.minus(YOUNG))) {
            return Optional.empty();
        }
        try {
            return calls.call(() -> ask(operation.environmentId(), now), PATIENCE);
        } catch (ExecutionException | TimeoutException unknown) {
            LOG.info("How operation {} is doing is unknown: {}", operation.id(), unknown.toString());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<EngineStepView> ask(UUID id, Instant now) {
        var payloads = temporal.getOptions().getDataConverter();
        return temporal
                .newUntypedWorkflowStub(EnvironmentWorkflows.workflowId(id))
                .describe()
                .getRawDescription()
                .getPendingActivitiesList()
                .stream()
                .flatMap(step -> EngineStepView.of(step, payloads, now).stream())
                .findFirst();
    }
}
