package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentGuards;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.StampedLog;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each environment as one container with one named volume for its home folder.
 *
 * <p>A stopped environment has no container, only its volume. What it writes is limited only where
 * the engine's file system has quotas ({@link DiskLimits}). Thread-safe; keeps nothing that it could not find again at the engine.
 */
public final class DockerDriver
        implements EnvironmentDriver, EnvironmentLogs, EnvironmentActivity, EnvironmentGuards, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DockerDriver.class);

    private final DockerDriverSettings settings;
    private final DockerEngine engine;
    private final DockerClient client;
    private final EnvironmentNetwork network;
    private final DiskGuard disks;
    private final ContainerDeployment deployments;
    private final ContainerReport report;

    public DockerDriver(DockerDriverSettings settings) {
        this.settings = settings;
        this.engine = new DockerEngine(settings);
        this.client = engine.client();
        this.network = new EnvironmentNetwork(client, settings);
        this.disks = new DiskGuard(settings.limits().disk());
        this.deployments = new ContainerDeployment(engine, settings, network, disks);
        this.report =
                new ContainerReport(client, new ServiceProbe(settings.timeouts().probe()));
    }

    /** What this driver talks to. */
    public DockerEngine engine() {
        return engine;
    }

    @Override
    public void deploy(Deployment deployment, Progress progress) {
        deployments.run(deployment, progress);
    }

    @Override
    public void stop(UUID id, Duration grace) {
        for (Container container : containers(id)) {
            asking("stopping", id, () -> stop(container, grace));
            asking("removing the container of", id, () -> removeContainer(container));
        }
    }

    @Override
    public void remove(UUID id) {
        for (Container container : containers(id)) {
            asking("removing the container of", id, () -> removeContainer(container));
        }
        for (InspectVolumeResponse volume : volumes(Labels.of(id, settings.installation()))) {
            asking("removing the data of", id, () -> removeVolume(volume));
        }
    }

    @Override
    public Observation observe(UUID id) {
        try {
            var container = client.inspectContainerCmd(Labels.container(id)).exec();
            if (Labels.areOf(id, settings.installation(), container.getConfig().getLabels())) {
                return report.of(container);
            }
        } catch (NotFoundException e) {
            // no compute
        } catch (RuntimeException e) {
            throw EngineErrors.explain("observing environment " + id, e, List.of());
        }
        return volumes(Labels.of(id, settings.installation())).isEmpty() ? Observation.absent() : Observation.stopped();
    }

    @Override
    public Set<UUID> list() {
        Map<String, String> ours = Map.of(Labels.INSTALLATION, settings.installation());
        Set<UUID> ids = new HashSet<>();
        containers(ours)
                .forEach(container -> Labels.environment(container.getLabels()).ifPresent(ids::add));
        List<InspectVolumeResponse> homes = volumes(ours);
        homes.forEach(volume -> Labels.environment(volume.getLabels()).ifPresent(ids::add));
        // Asked regularly, so it is also where what others did to the machine's rules is put right.
        network.guard();
        look(homes);
        return ids;
    }

    @Override
    public List<String> logs(UUID id, int tail) {
        List<Container> containers = containers(id);
        return containers.isEmpty() || tail < 1
                ? List.of()
                : asking(
                        "reading the log of",
                        id,
                        () -> ContainerLog.tail(client, containers.getFirst().getId(), tail));
    }

    @Override
    public LogPart logsAfter(UUID id, @Nullable String position, int tail) {
        List<Container> containers = containers(id);
        return containers.isEmpty()
                ? StampedLog.none(position)
                : asking(
                        "reading the log of",
                        id,
                        () -> ContainerLog.after(client, containers.getFirst().getId(), position, tail));
    }

    @Override
    public Activity activity(UUID id) {
        return containers(id).stream()
                .filter(container -> "running".equals(container.getState()))
                .findFirst()
                .map(container ->
                        asking("looking at who uses", id, () -> ContainerActivity.of(client, container.getId())))
                .orElseGet(Activity::unknown);
    }

    @Override
    public Map<String, String> unguarded() {
        Map<String, String> open = new TreeMap<>(disks.unguarded());
        network.unguarded().ifPresent(sentence -> open.put("network", sentence));
        return open;
    }

    @Override
    public void close() {
        engine.close();
    }

    private void look(List<InspectVolumeResponse> homes) {
        try {
            disks.look(homes, () -> client.infoCmd().exec());
        } catch (RuntimeException e) {
            log.warn("which limits of disks the Docker engine knows could not be asked", e);
        }
    }

    private boolean stop(Container container, Duration grace) {
        int seconds = (int) Math.max(0, Math.min(grace.toSeconds(), Integer.MAX_VALUE));
        try {
            // The engine answers when the container has ended.
            engine.patiently(
                    grace,
                    patient -> patient.stopContainerCmd(container.getId())
                            .withTimeout(seconds)
                            .exec());
        } catch (NotModifiedException | NotFoundException e) {
            return false; // it did not run
        }
        return true;
    }

    private boolean removeContainer(Container container) {
        try {
            client.removeContainerCmd(container.getId())
                    .withForce(true)
                    .withRemoveVolumes(true) // nameless ones that an image declares; never ours
                    .exec();
        } catch (NotFoundException e) {
            return false;
        }
        return true;
    }

    private boolean removeVolume(InspectVolumeResponse volume) {
        try {
            client.removeVolumeCmd(volume.getName()).exec();
        } catch (NotFoundException e) {
            return false;
        }
        return true;
    }

    private List<Container> containers(UUID id) {
        return containers(Labels.of(id, settings.installation()));
    }

    private List<Container> containers(Map<String, String> labels) {
        try {
            return client.listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(labels)
                    .exec();
        } catch (RuntimeException e) {
            throw EngineErrors.explain("listing containers", e, List.of());
        }
    }

    private List<InspectVolumeResponse> volumes(Map<String, String> labels) {
        List<String> filters = labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .toList();
        try {
            List<InspectVolumeResponse> found =
                    client.listVolumesCmd().withFilter("label", filters).exec().getVolumes();
            return found == null ? List.of() : found;
        } catch (RuntimeException e) {
            throw EngineErrors.explain("listing volumes", e, List.of());
        }
    }

    private static <T> T asking(String doing, UUID id, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw EngineErrors.explain(doing + " environment " + id, e, List.of());
        }
    }
}
