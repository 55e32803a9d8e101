package io.remotegpu.workflows.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.Observation;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one engine of a host carries under our label.
 *
 * @param trouble why it could not be seen, whereupon {@code seen} says nothing; otherwise null
 */
public record EngineAnswer(
        DeploymentMode mode, List<Seen> seen, @Nullable String trouble) {

    /** One environment as the engine has it. */
    public record Seen(
            UUID id, Observation.State state, @Nullable String reason) {}
}
