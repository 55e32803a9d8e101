package io.remotegpu.drivers.testkit;

import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.GpuDevice;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Deployments for tests: a small environment of any type on 127.0.0.1, and variations of one.
 *
 * @param mode of the driver under test
 * @param tag of the images {@code remotegpu/<type>:<tag>}
 * @param authorizedKeys OpenSSH lines of those who may log in
 */
public record TestDeployments(DeploymentMode mode, String tag, List<String> authorizedKeys) {

    public static final String ADDRESS = "127.0.0.1";
    public static final long MEGABYTE = 1L << 20;

    private static final Set<Integer> HANDED_OUT = new HashSet<>();

    public TestDeployments {
        authorizedKeys = List.copyOf(authorizedKeys);
    }

    /** A new environment: 1 core, 512 MiB, no GPU. */
    public Deployment terminal() {
        return of(EnvironmentType.TERMINAL);
    }

    public Deployment of(EnvironmentType type) {
        UUID id = UUID.randomUUID();
        var spec = new EnvironmentSpec(
                "test-" + id.toString().substring(0, 8),
                type,
                mode,
                1,
                512 * MEGABYTE,
                0,
                1024 * MEGABYTE,
                "remotegpu/" + type.wireName() + ":" + tag,
                Map.of("GREETING", "it's a \"quoted\" text"),
                null,
                null,
                null,
                null,
                0);
        List<PortBinding> ports = type.services().stream()
                .map(service -> new PortBinding(service, ADDRESS, freePort()))
                .toList();
        var credentials = new Credentials(
                authorizedKeys,
                type.services().contains(Service.JUPYTER) ? secret() : null,
                type.services().contains(Service.VNC) ? secret().substring(0, 8) : null);
        return new Deployment(id, "tester", spec, List.of(), ports, credentials);
    }

    /** The same environment on other ports. */
    public static Deployment onOtherPorts(Deployment deployment) {
        List<PortBinding> ports = deployment.ports().stream()
                .map(port -> new PortBinding(port.service(), port.address(), freePort()))
                .toList();
        return new Deployment(
                deployment.id(),
                deployment.owner(),
                deployment.spec(),
                deployment.gpus(),
                ports,
                deployment.credentials());
    }

    /** The same environment with exactly the GPUs of these indexes. */
    public static Deployment withGpus(Deployment deployment, int... indexes) {
        List<GpuDevice> gpus = Arrays.stream(indexes)
                .mapToObj(index -> new GpuDevice(index, null, "Test GPU", 80L << 30))
                .toList();
        EnvironmentSpec spec = deployment.spec();
        return new Deployment(
                deployment.id(),
                deployment.owner(),
                sized(spec, spec.cpu(), spec.memory(), gpus.size(), spec.image()),
                gpus,
                deployment.ports(),
                deployment.credentials());
    }

    public static Deployment withImage(Deployment deployment, String image) {
        EnvironmentSpec spec = deployment.spec();
        return withSpec(deployment, sized(spec, spec.cpu(), spec.memory(), spec.gpu(), image));
    }

    /** @param memory bytes */
    public static Deployment withSize(Deployment deployment, int cpu, long memory) {
        EnvironmentSpec spec = deployment.spec();
        return withSpec(deployment, sized(spec, cpu, memory, spec.gpu(), spec.image()));
    }

    public static Deployment withKeys(Deployment deployment, List<String> authorizedKeys) {
        Credentials known = deployment.credentials();
        return new Deployment(
                deployment.id(),
                deployment.owner(),
                deployment.spec(),
                deployment.gpus(),
                deployment.ports(),
                new Credentials(authorizedKeys, known.jupyterToken(), known.password()));
    }

    public static Deployment withSpec(Deployment deployment, EnvironmentSpec spec) {
        return new Deployment(
                deployment.id(),
                deployment.owner(),
                spec,
                deployment.gpus(),
                deployment.ports(),
                deployment.credentials());
    }

    /** The host port of that service. */
    public static int port(Deployment deployment, Service service) {
        return deployment.ports().stream()
                .filter(port -> port.service() == service)
                .findFirst()
                .orElseThrow()
                .port();
    }

    /** A port that nobody listens on, and that this process has not handed out before. */
    public static int freePort() {
        synchronized (HANDED_OUT) {
            while (true) {
                try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ADDRESS))) {
                    if (HANDED_OUT.add(socket.getLocalPort())) {
                        return socket.getLocalPort();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException("looking for a free port", e);
                }
            }
        }
    }

    private static String secret() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static EnvironmentSpec sized(EnvironmentSpec spec, int cpu, long memory, int gpu, String image) {
        return new EnvironmentSpec(
                spec.name(),
                spec.type(),
                spec.mode(),
                cpu,
                memory,
                gpu,
                spec.storage(),
                image,
                spec.env(),
                spec.gpuModel(),
                spec.gpuMemoryMin(),
                spec.hostId(),
                spec.idleTimeout(),
                spec.priority());
    }
}
