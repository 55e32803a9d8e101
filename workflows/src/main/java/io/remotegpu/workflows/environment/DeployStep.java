package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.PortBinding;
import java.util.List;
import java.util.UUID;

/** What a host needs to bring an environment up, apart from its secrets. */
public record DeployStep(UUID id, String owner, EnvironmentSpec spec, List<GpuDevice> gpus, List<PortBinding> ports) {}
