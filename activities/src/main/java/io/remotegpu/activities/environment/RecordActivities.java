package io.remotegpu.activities.environment;

import io.remotegpu.db.environment.EnvironmentLifecycle;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.InvalidStateException;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.EnvironmentFacts;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.FailureReason;
import io.remotegpu.workflows.environment.Refusal;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

@Component
final class RecordActivities implements EnvironmentRecords {

    private final EnvironmentLifecycle lifecycle;

    private final EnvironmentRepository environments;

    RecordActivities(EnvironmentLifecycle lifecycle, EnvironmentRepository environments) {
        this.lifecycle = lifecycle;
        this.environments = environments;
    }

    @Override
    public void withdraw(String operationId, UUID id) {
        lifecycle.withdraw(id, operationId);
    }

    @Override
    public EnvironmentFacts begin(String operationId, UUID id, OperationKind kind, String requestedBy) {
        try {
            var environment = lifecycle.begin(id, operationId, kind, requestedBy);
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
