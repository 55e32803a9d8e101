package io.remotegpu.workflows.reconcile;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.Set;

/** A host, and the engines that it offers or that the rows say something is on. */
public record HostToAsk(String id, Set<DeploymentMode> modes) {}
