package io.remotegpu.db.allocation;

import io.remotegpu.drivers.spi.GpuDevice;
import java.util.List;

/**
 * What an environment holds of a host.
 *
 * @param bindAddress what its services listen on
 * @param gpus by index
 */
public record Allocation(String hostId, String bindAddress, List<GpuDevice> gpus) {

    public Allocation {
        gpus = List.copyOf(gpus);
    }
}
