package io.remotegpu.activities.environment;

import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.EventOutcome;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.environment.Interventions;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.EnvironmentFacts;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.FailureReason;
import io.remotegpu.workflows.environment.Intervention;
import io.remotegpu.workflows.environment.OperationRequest;
import io.remotegpu.workflows.environment.Refusal;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

@Component
final class RecordActivities implements EnvironmentRecords {

    private final EnvironmentLifecycle lifecycle;

    private final EnvironmentRepository environments;

    private final Interventions interventions;

    private final HostLosses losses;

    RecordActivities(
            EnvironmentLifecycle lifecycle,
            EnvironmentRepository environments,
            Interventions interventions,
            HostLosses losses) {
        this.interventions = interventions;
        this.losses = losses;
        this.lifecycle = lifecycle;
        this.environments = environments;
    }

    @Override
    public void withdraw(String operationId, UUID id) {
        lifecycle.withdraw(id, operationId);
    }

    @Override
    public EnvironmentFacts begin(String operationId, OperationKind kind, OperationRequest request) {
        var id = request.id();
        try {
            var environment = lifecycle.begin(
                    id, operationId, kind, request.requestedBy(), request.reason(), request.gpu(), request.moment());
            var owner = environments.ownerOf(id).orElseThrow(() -> new EnvironmentNotFoundException(id));
            return new EnvironmentFacts(owner, environment.spec(), environment.hostId());
        } catch (InvalidStateException invalid) {
            throw Refusals.refuse(Refusal.INVALID_STATE, invalid);
        } catch (EnvironmentNotFoundException absent) {
            throw Refusals.refuse(Refusal.NOT_FOUND, absent);
        }
    }

    @Override
    public void abandonStart(String operationId, UUID id) {
        lifecycle.abandonStart(id, operationId);
    }

    @Override
    public EnvironmentStatus abandonWait(String operationId, UUID id, FailureReason reason) {
        var wanted = reason.code().equals(FailureReason.CANCELLED);
        return lifecycle.abandonWait(id, operationId, wanted ? null : reason.code(), reason.message());
    }

    @Override
    public void giveUp(String operationId, UUID id, FailureReason reason, List<String> unreturned) {
        lifecycle.giveUp(id, operationId, reason.code(), reason.message(), unreturned);
    }

    @Override
    public void intervene(String operationId, UUID id, Intervention what) {
        var outcome = switch (what.kind()) {
            case RETRY -> EventOutcome.RETRIED;
            case SKIP -> EventOutcome.SKIPPED;
            case ABORT -> EventOutcome.ABORTED;
        };
        if (outcome == EventOutcome.SKIPPED) {
            refuseUnlessLost(what.step(), String.valueOf(what.hostId()));
        }
        interventions.note(
                id,
                operationId,
                what.key(),
                outcome,
                "operation " + what.kind().wireName(),
                what.step(),
                what.by(),
                what.reason());
    }

    /** What a host that may come back still carries must not be forgotten; a lost one is swept. */
    private void refuseUnlessLost(String step, String hostId) {
        if (!losses.isUnswept(hostId)) {
            throw ApplicationFailure.newNonRetryableFailure(
                    "'" + step + "' cannot be left out: host " + hostId + " was not declared lost, and may still carry "
                            + "what is to be taken down. Retry it now; or, when the host is gone for good, declare it lost.",
                    Refusal.NOT_SKIPPABLE.name());
        }
    }

    @Override
    public void enter(String operationId, UUID id, String step) {
        lifecycle.enter(id, operationId, step);
    }

    @Override
    public void succeed(String operationId, UUID id, EnvironmentStatus status) {
        lifecycle.succeed(id, operationId, status);
    }

    @Override
    public void fail(String operationId, UUID id, FailureReason reason, List<String> unreturned) {
        lifecycle.fail(id, operationId, reason.code(), reason.message(), unreturned);
    }

    @Override
    public void settle(String operationId, UUID id) {
        lifecycle.settle(id, operationId);
    }
}
