package io.remotegpu.activities.host;

import io.remotegpu.drivers.docker.DiskLimits;
import io.remotegpu.drivers.docker.DockerDriverSettings;
import io.remotegpu.drivers.docker.DockerEngine;
import io.remotegpu.drivers.docker.Firewall;
import io.remotegpu.drivers.docker.GpuAccess;
import io.remotegpu.drivers.docker.GpuNaming;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How the Docker engine of this machine is used; {@code DOCKER_HOST} says where it listens.
 *
 * @param network the bridge network of all environments
 * @param pidsLimit processes and threads in one environment
 * @param gpuAccess how GPUs are handed over: by CDI, by device request, or as the engine offers
 * @param cdiKind vendor and class in CDI names
 * @param gpuNaming which name of a GPU is asked for
 * @param diskLimits whether the engine is asked to limit what environments write
 * @param ephemeralStorage how much may be written outside of the home folder
 * @param firewall whether environments are kept from this machine's own addresses and from closed networks
 * @param closedNetworks IPv4 CIDRs that environments may not reach
 */
@Validated
@ConfigurationProperties("remotegpu.docker")
public record DockerSettings(
        @DefaultValue("remotegpu") @NotBlank String network,
        @DefaultValue("4096") @Min(16) long pidsLimit,
        @DefaultValue("auto") GpuAccess gpuAccess,
        @DefaultValue("nvidia.com/gpu") @NotBlank String cdiKind,
        @DefaultValue("uuid") GpuNaming gpuNaming,
        @DefaultValue("auto") DiskLimits diskLimits,
        @DefaultValue("20GB") DataSize ephemeralStorage,
        @DefaultValue("auto") Firewall firewall,
        @DefaultValue(DockerDriverSettings.METADATA) List<String> closedNetworks) {

    DockerDriverSettings driver(String installation) {
        return DockerDriverSettings.defaults(DockerEngine.usualHost(System.getenv()), installation)
                .withNetwork(network)
                .withLimits(DockerDriverSettings.Limits.defaults()
                        .withProcesses(pidsLimit)
                        .withDisk(diskLimits, ephemeralStorage.toBytes()))
                .withGpus(new DockerDriverSettings.Gpus(gpuAccess, cdiKind, gpuNaming))
                .withFirewall(firewall, closedNetworks);
    }
}
