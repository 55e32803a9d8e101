package io.remotegpu.activities.host;

import io.remotegpu.activities.engine.ActivitySampler;
import io.remotegpu.activities.engine.CredentialSource;
import io.remotegpu.activities.engine.Drivers;
import io.remotegpu.activities.engine.EngineActivities;
import io.remotegpu.activities.engine.EngineSweep;
import io.remotegpu.activities.engine.GpuKeeper;
import io.remotegpu.activities.engine.GpusAfterUse;
import io.remotegpu.activities.engine.LogFollower;
import io.remotegpu.activities.engine.LogStore;
import io.remotegpu.activities.engine.Readiness;
import io.remotegpu.activities.worker.HostWorker;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.drivers.docker.DockerDriver;
import io.remotegpu.drivers.libvirt.LibvirtDriver;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts of this process: carries their engine steps out.
 *
 * <p>One process may serve several (simulated ones), but a host has one process only.
 */
public final class HostRole implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HostRole.class);

    private static final Duration CLEAN_WITHIN = Duration.ofSeconds(20);

    private final WorkflowClient temporal;
    private final CredentialSource credentials;
    private final LogStore logs;
    private final GpuKeeper gpus;
    private final WorkerSettings settings;
    private final DockerSettings docker;
    private final LibvirtSettings libvirt;
    private final SimulatedSettings simulated;
    private final String installation;
    private final Map<String, HostWorker> workers = new LinkedHashMap<>();
    private final Map<String, Drivers> driversOf = new ConcurrentHashMap<>();

    /**
     * Needs no database: what it has to know of environments comes from these.
     *
     * @param installation under which engines label what is ours
     */
    public HostRole(
            WorkflowClient temporal,
            CredentialSource credentials,
            LogStore logs,
            GpuKeeper gpus,
            WorkerSettings settings,
            DockerSettings docker,
            LibvirtSettings libvirt,
            SimulatedSettings simulated,
            String installation) {
        this.temporal = temporal;
        this.credentials = credentials;
        this.logs = logs;
        this.gpus = gpus;
        this.settings = settings;
        this.docker = docker;
        this.libvirt = libvirt;
        this.simulated = simulated;
        this.installation = installation;
    }

    /**
     * Starts to carry the host's engine steps out; serving it already is success.
     *
     * @param modes the engines that the host may have; one that does not answer now makes its steps wait
     */
    public synchronized void serve(String hostId, Set<DeploymentMode> modes) {
        workers.computeIfAbsent(hostId, id -> {
            var drivers = drivers(id, modes);
            // A simulated machine has no GPUs of its own to look at.
            var afterUse = modes.equals(Set.of(DeploymentMode.SIMULATED))
                    ? null
                    : new GpusAfterUse(id, new GpuCheck(), gpus, CLEAN_WITHIN);
            var worker = new HostWorker(
                    temporal,
                    id,
                    settings,
                    new EngineActivities(drivers, credentials, logs, new Readiness(settings.readyTimeout()), afterUse),
                    new EngineSweep(drivers, afterUse),
                    new ActivitySampler(drivers),
                    new LogFollower(drivers, logs));
            worker.start();
            driversOf.put(id, drivers);
            LOG.info("serving host {} with {}", id, modes);
            return worker;
        });
    }

    /** The machine as it reports itself, and, from when it is served on, what its engines do not guard that they are to. */
    public ReportSource guarded(ReportSource machine) {
        return () -> {
            var report = machine.report();
            var drivers = driversOf.get(report.id());
            return drivers == null ? report : report.unguarded(drivers.unguarded());
        };
    }

    /** {@link #serve} for a host that is simulated, or once was. */
    public void serveSimulated(String hostId) {
        serve(hostId, Set.of(DeploymentMode.SIMULATED));
    }

    private Drivers drivers(String host, Set<DeploymentMode> modes) {
        return new Drivers(modes.stream()
                .collect(Collectors.toMap(
                        mode -> mode,
                        mode -> driver(host, mode),
                        (one, other) -> one,
                        () -> new EnumMap<>(DeploymentMode.class))));
    }

    private EnvironmentDriver driver(String host, DeploymentMode mode) {
        return switch (mode) {
            case DOCKER -> new DockerDriver(docker.driver(installation));
            case SIMULATED -> simulated.driver(host);
            case VM -> new LibvirtDriver(libvirt.driver(installation));
            // The control role's: ClusterRole has it.
            case K8S -> throw new IllegalArgumentException("a host serves no nodes of a cluster");
        };
    }

    @Override
    public synchronized void close() {
        workers.values().forEach(HostWorker::close);
        workers.clear();
    }
}
