package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.GpuDevice;
import java.util.List;

/** The host and the GPUs that an environment holds. */
public record Placement(String hostId, List<GpuDevice> gpus) {}
