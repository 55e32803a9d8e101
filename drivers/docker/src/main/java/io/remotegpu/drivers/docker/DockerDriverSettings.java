package io.remotegpu.drivers.docker;

import java.time.Duration;
import java.util.List;

/**
 * How this installation uses one Docker engine.
 *
 * @param host where the engine listens, for example {@code unix:///var/run/docker.sock} or {@code tcp://10.0.0.7:2375}
 * @param installation names this installation: two of them on one engine do not see each other's environments
 * @param network the bridge network of all environments, made when absent, on which they cannot reach each other
 * @param firewall whether this machine's packet filter keeps environments from the machine itself and from closed networks
 * @param closedNetworks IPv4 CIDRs that environments may not reach, such as that of a cloud's metadata, or the control plane's
 */
public record DockerDriverSettings(
        String host,
        String installation,
        String network,
        Limits limits,
        Gpus gpus,
        Firewall firewall,
        List<String> closedNetworks,
        Timeouts timeouts) {

    /**
     * Of one environment, beside what was asked for.
     *
     * @param processes and threads
     * @param sharedMemoryPercent size of {@code /dev/shm}, as a share of the environment's memory (and counted in it)
     * @param disk whether the engine is asked to limit what is written to disk
     * @param ephemeralStorage bytes that may be written outside of the home folder
     */
    public record Limits(long processes, int sharedMemoryPercent, DiskLimits disk, long ephemeralStorage) {

        public Limits {
            require(processes > 0, "pids limit", "positive", processes);
            require(
                    sharedMemoryPercent > 0 && sharedMemoryPercent <= 100,
                    "shared memory percent",
                    "1 to 100",
                    sharedMemoryPercent);
            require(ephemeralStorage > 0, "ephemeral storage", "positive", ephemeralStorage);
        }

        public static Limits defaults() {
            return new Limits(4096, 50, DiskLimits.AUTO, 20L << 30);
        }

        public Limits withProcesses(long processes) {
            return new Limits(processes, sharedMemoryPercent, disk, ephemeralStorage);
        }

        public Limits withDisk(DiskLimits disk, long ephemeralStorage) {
            return new Limits(processes, sharedMemoryPercent, disk, ephemeralStorage);
        }
    }

    /**
     * @param access how they are handed over
     * @param cdiKind vendor and class in CDI names
     * @param naming which name of a GPU is asked for
     */
    public record Gpus(GpuAccess access, String cdiKind, GpuNaming naming) {

        public Gpus {
            require(
                    cdiKind.matches("[^/=\\s]+/[^/=\\s]+"),
                    "CDI kind",
                    "vendor/class, for example nvidia.com/gpu",
                    cdiKind);
        }

        public static Gpus defaults() {
            return new Gpus(GpuAccess.AUTO, "nvidia.com/gpu", GpuNaming.UUID);
        }
    }

    /**
     * @param connect for reaching the engine
     * @param response for one answer of the engine
     * @param pull for a whole image
     * @param probe for one service to answer when an environment is observed
     */
    public record Timeouts(Duration connect, Duration response, Duration pull, Duration probe) {

        public Timeouts {
            for (Duration timeout : new Duration[] {connect, response, pull, probe}) {
                require(timeout.isPositive(), "timeout", "positive", timeout);
            }
        }

        public static Timeouts defaults() {
            return new Timeouts(
                    Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofHours(1), Duration.ofSeconds(2));
        }
    }

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
    }

    /** What fits most engines; change single values with the {@code with…} methods. */
    public static DockerDriverSettings defaults(String host, String installation) {
        return new DockerDriverSettings(
                host,
                installation,
                "remotegpu",
                Limits.defaults(),
                Gpus.defaults(),
                Firewall.AUTO,
                List.of(METADATA),
                Timeouts.defaults());
    }

    public DockerDriverSettings withNetwork(String network) {
        return new DockerDriverSettings(host, installation, network, limits, gpus, firewall, closedNetworks, timeouts);
    }

    public DockerDriverSettings withLimits(Limits limits) {
        return new DockerDriverSettings(host, installation, network, limits, gpus, firewall, closedNetworks, timeouts);
    }

    public DockerDriverSettings withGpus(Gpus gpus) {
        return new DockerDriverSettings(host, installation, network, limits, gpus, firewall, closedNetworks, timeouts);
    }

    public DockerDriverSettings withFirewall(Firewall firewall, List<String> closedNetworks) {
        return new DockerDriverSettings(host, installation, network, limits, gpus, firewall, closedNetworks, timeouts);
    }

    public DockerDriverSettings withTimeouts(Timeouts timeouts) {
        return new DockerDriverSettings(host, installation, network, limits, gpus, firewall, closedNetworks, timeouts);
    }

    private static void require(boolean holds, String name, String expected, Object actual) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "Docker driver: " + name + " must be " + expected + ", not '" + actual + "'");
        }
    }
}
