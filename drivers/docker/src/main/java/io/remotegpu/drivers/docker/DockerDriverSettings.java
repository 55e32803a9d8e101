package io.remotegpu.drivers.docker;

import java.time.Duration;
import java.util.List;

/**
 * How this installation uses one Docker engine.
 *
 * @param host where the engine listens, for example {@code unix:///var/run/docker.sock} or {@code tcp://10.0.0.7:2375}
 * @param installation names this installation: two of them on one engine do not see each other's environments
 * @param network the bridge network of all environments, made when absent, on which they cannot reach each other
 * @param pidsLimit processes and threads in one environment
 * @param sharedMemoryPercent size of {@code /dev/shm}, as a share of the environment's memory (and counted in it)
 * @param gpuAccess how GPUs are handed over
 * @param cdiKind vendor and class in CDI names
 * @param gpuNaming which name of a GPU is asked for
 * @param firewall whether this machine's packet filter keeps environments from the machine itself and from closed networks
 * @param closedNetworks IPv4 CIDRs that environments may not reach, such as that of a cloud's metadata, or the control plane's
 * @param connectTimeout for reaching the engine
 * @param responseTimeout for one answer of the engine
 * @param pullTimeout for a whole image
 * @param probeTimeout for one service to answer when an environment is observed
 */
public record DockerDriverSettings(
        String host,
        String installation,
        String network,
        long pidsLimit,
        int sharedMemoryPercent,
        GpuAccess gpuAccess,
        String cdiKind,
        GpuNaming gpuNaming,
        Firewall firewall,
        List<String> closedNetworks,
        Duration connectTimeout,
        Duration responseTimeout,
        Duration pullTimeout,
        Duration probeTimeout) {

    /** Link-local addresses: where clouds tell a machine its secrets. */
    public static final String METADATA = "169.254.0.0/16";

    public DockerDriverSettings {
        closedNetworks = List.copyOf(closedNetworks);
        for (String closed : closedNetworks) {
            require(
                    closed.matches("\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}"),
                    "closed network",
                    "an IPv4 CIDR such as 10.0.0.0/8",
                    closed);
        }
        require(!host.isBlank(), "host", "an address such as unix:///var/run/docker.sock", host);
        require(
                installation.matches("[A-Za-z0-9._-]{1,64}"),
                "installation",
                "1 to 64 of A-Z a-z 0-9 . _ -",
                installation);
        require(network.matches("[A-Za-z0-9][A-Za-z0-9._-]*"), "network", "a Docker network name", network);
        require(pidsLimit > 0, "pids limit", "positive", pidsLimit);
        require(
                sharedMemoryPercent > 0 && sharedMemoryPercent <= 100,
                "shared memory percent",
                "1 to 100",
                sharedMemoryPercent);
        require(
                cdiKind.matches("[^/=\\s]+/[^/=\\s]+"),
                "CDI kind",
                "vendor/class, for example nvidia.com/gpu",
                cdiKind);
        for (Duration timeout : new Duration[] {connectTimeout, responseTimeout, pullTimeout, probeTimeout}) {
            require(timeout.isPositive(), "timeout", "positive", timeout);
        }
    }

    /** What fits most engines; change single values with the {@code with…} methods. */
    public static DockerDriverSettings defaults(String host, String installation) {
        return new DockerDriverSettings(
                host,
                installation,
                "remotegpu",
                4096,
                50,
                GpuAccess.AUTO,
                "nvidia.com/gpu",
                GpuNaming.UUID,
                Firewall.AUTO,
                List.of(METADATA),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofSeconds(2));
    }

    public DockerDriverSettings withNetwork(String network) {
        return new DockerDriverSettings(
                host,
                installation,
                network,
                pidsLimit,
                sharedMemoryPercent,
                gpuAccess,
                cdiKind,
                gpuNaming,
                firewall,
                closedNetworks,
                connectTimeout,
                responseTimeout,
                pullTimeout,
                probeTimeout);
    }

    public DockerDriverSettings withPidsLimit(long pidsLimit) {
        return new DockerDriverSettings(
                host,
                installation,
                network,
                pidsLimit,
                sharedMemoryPercent,
                gpuAccess,
                cdiKind,
                gpuNaming,
                firewall,
                closedNetworks,
                connectTimeout,
                responseTimeout,
                pullTimeout,
                probeTimeout);
    }

    public DockerDriverSettings withGpus(GpuAccess gpuAccess, String cdiKind, GpuNaming gpuNaming) {
        return new DockerDriverSettings(
                host,
                installation,
                network,
                pidsLimit,
                sharedMemoryPercent,
                gpuAccess,
                cdiKind,
                gpuNaming,
                firewall,
                closedNetworks,
                connectTimeout,
                responseTimeout,
                pullTimeout,
                probeTimeout);
    }

    public DockerDriverSettings withFirewall(Firewall firewall, List<String> closedNetworks) {
        return new DockerDriverSettings(
                host,
                installation,
                network,
                pidsLimit,
                sharedMemoryPercent,
                gpuAccess,
                cdiKind,
                gpuNaming,
                firewall,
                closedNetworks,
                connectTimeout,
                responseTimeout,
                pullTimeout,
                probeTimeout);
    }

    public DockerDriverSettings withTimeouts(
            Duration connectTimeout, Duration responseTimeout, Duration pullTimeout, Duration probeTimeout) {
        return new DockerDriverSettings(
                host,
                installation,
                network,
                pidsLimit,
                sharedMemoryPercent,
                gpuAccess,
                cdiKind,
                gpuNaming,
                firewall,
                closedNetworks,
                connectTimeout,
                responseTimeout,
                pullTimeout,
                probeTimeout);
    }

    private static void require(boolean holds, String name, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "Docker driver: " + name + " must be " + expected + ", not '" + actual + "'");
        }
    }
}
