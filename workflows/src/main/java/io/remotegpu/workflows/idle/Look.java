package io.remotegpu.workflows.idle;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A pass as it begins.
 *
 * @param startedAt by the database's clock; names the pass
 * @param hosts where something is to be looked at
 */
public record Look(Instant startedAt, List<OnHost> hosts) {

    public record OnHost(String hostId, List<Target> targets) {}

    public record Target(UUID id, DeploymentMode mode) {}
}
