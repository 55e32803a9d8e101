package io.remotegpu.db.allocation;

import io.remotegpu.drivers.spi.PortBinding;
import java.util.List;

/**
 * What an admitted environment holds, beside its quota.
 *
 * @param ports in the order of its type's services
 */
public record Admitted(Allocation place, List<PortBinding> ports) {

    public Admitted {
        ports = List.copyOf(ports);
    }
}
