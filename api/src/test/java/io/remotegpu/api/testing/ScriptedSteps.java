package io.remotegpu.api.testing;

import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.environment.CreateRequest;
import io.remotegpu.workflows.environment.OperationRequest;
import io.temporal.activity.ActivityInterface;
import java.util.UUID;

/** What the scripted workflows do to the rows. */
@ActivityInterface
public interface ScriptedSteps {

    void admitCreate(String run, CreateRequest request);

    void admit(String run, OperationRequest request, OperationKind kind);

    void carryOut(String run, UUID id, OperationKind kind);

    void rollBack(String run, UUID id);

    void stopWaiting(String run, UUID id);

    void captureLog(UUID id);
}
