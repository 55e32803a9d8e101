package io.remotegpu.drivers.spi;

import java.util.List;
import java.util.UUID;

/**
 * Everything a driver needs to bring one environment up.
 *
 * @param id the environment's id, from which every name and label derives
 * @param owner the owner's user name, for labels that people read
 * @param spec what was asked for
 * @param gpus exactly these devices; as many as {@code spec.gpu()}
 * @param ports one for each service of the type
 * @param credentials what opens the services
 */
public record Deployment(
        UUID id,
        String owner,
        EnvironmentSpec spec,
        List<GpuDevice> gpus,
        List<PortBinding> ports,
        Credentials credentials) {

    public Deployment {
        gpus = List.copyOf(gpus);
        ports = List.copyOf(ports);
    }
}
