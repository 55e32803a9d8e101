package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.UUID;

/** Which environment's log to read, and where it is. */
public record LogRequest(UUID id, DeploymentMode mode, String hostId) {}
