package io.remotegpu.drivers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings one container up. A fresh deployment costs three calls: create, hand over the credentials, start. It looks first
 * at nothing; only when the engine says that the name is taken or the image missing does it find out more. So the same
 * code continues after a crash at any line.
 */
final class ContainerDeployment {

    /** Create, without either quota, once more after the pull, and again after what stood in the way was removed. */
    private static final int ATTEMPTS = 6;

    private final DockerEngine engine;
    private final DockerClient client;
    private final DockerDriverSettings settings;
    private final EnvironmentNetwork network;
    private final DiskGuard disks;
    private volatile @Nullable GpuAccess gpuAccess;

    ContainerDeployment(
            DockerEngine engine, DockerDriverSettings settings, EnvironmentNetwork network, DiskGuard disks) {
        this.engine = engine;
        this.client = engine.client();
        this.settings = settings;
        this.network = network;
        this.disks = disks;
    }

    private record Made(String id, boolean running) {}

    void run(Deployment deployment, Progress progress) {
        GpuAccess access = gpuAccess(deployment);
        String name = Labels.container(deployment.id());
        progress.report("creating container " + name);
        asking("preparing network " + settings.network(), deployment, () -> {
            network.ensure();
            return true;
        });
        Made container = create(deployment, access, progress);
        progress.report("handing over the credentials to " + name);
        // Also to one that runs already: keys that were added meanwhile count from now on.
        asking("handing over the credentials to " + name, deployment, () -> handOver(container, deployment));
        if (!container.running) {
            progress.report("starting container " + name);
            asking("starting " + name, deployment, () -> start(container));
        }
    }

    private Made create(Deployment deployment, GpuAccess access, Progress progress) {
        String doing = "creating " + Labels.container(deployment.id());
        boolean pulled = false;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            DiskQuotas asked = disks.wanted();
            ContainerPlan plan = ContainerPlan.of(deployment, settings, access, asked);
            try {
                var made = new Made(plan.asCommand(client).exec().getId(), false);
                disks.taken(asked, () -> homeIsLimited(deployment));
                return made;
            } catch (NotFoundException e) {
                DriverException explained = EngineErrors.explain(doing, e, List.of());
                if (pulled || explained.kind() != ErrorKind.IMAGE_NOT_FOUND) {
                    throw explained;
                }
                pull(plan.image(), progress);
                pulled = true;
            } catch (ConflictException e) {
                Made usable = asking(doing, deployment, () -> clearWay(plan, deployment, e));
                if (usable != null) {
                    return usable;
                }
            } catch (RuntimeException e) {
                if (!disks.goesWithout(asked, e)) {
                    throw EngineErrors.explain(doing, e, List.of());
                }
            }
        }
        throw new DriverException(
                ErrorKind.OUTCOME_UNKNOWN, doing + ": its name is taken again and again by a container that goes away");
    }

    private boolean homeIsLimited(Deployment deployment) {
        try {
            return DiskQuotas.isLimited(
                    client.inspectVolumeCmd(Labels.volume(deployment.id())).exec());
        } catch (RuntimeException unseen) {
            return false;
        }
    }

    /** The container that has our name, when it is this deployment's; null when the name is free now. */
    private @Nullable Made clearWay(ContainerPlan plan, Deployment deployment, ConflictException conflict) {
        InspectContainerResponse existing;
        try {
            existing = client.inspectContainerCmd(plan.name()).exec();
        } catch (NotFoundException e) {
            return null;
        }
        Map<String, String> labels = existing.getConfig().getLabels();
        if (!Labels.areOf(deployment.id(), settings.installation(), labels)) {
            throw new DriverException(
                    ErrorKind.CONFLICT,
                    "container " + plan.name() + " exists, but is not of this installation ('" + settings.installation()
                            + "'): remove or rename it",
                    conflict);
        }
        String state = String.valueOf(existing.getState().getStatus());
        if (labels != null && plan.hash().equals(labels.get(Labels.SPEC))) {
            switch (state) {
                case "created":
                    if (disks.allows(existing)) {
                        return new Made(existing.getId(), false);
                    }
                    // It never ran: made before limits were required, it goes as if it had ended.
                    break;
                case "running", "restarting":
                    return new Made(existing.getId(), true);
                case "paused":
                    throw new DriverException(
                            ErrorKind.CONFLICT,
                            "container " + plan.name() + " was paused by hand: continue it by 'docker unpause'",
                            conflict);
                default:
                    // It has ended: a new one is as good, and free of what made it end.
                    break;
            }
        }
        try {
            client.removeContainerCmd(existing.getId())
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException e) {
            // somebody was faster
        }
        return null;
    }

    private boolean handOver(Made container, Deployment deployment) {
        client.copyArchiveToContainerCmd(container.id)
                .withRemotePath(SecretFiles.FOLDER)
                .withTarInputStream(new ByteArrayInputStream(SecretFiles.tar(deployment.credentials())))
                .exec();
        return true;
    }

    private boolean start(Made container) {
        try {
            client.startContainerCmd(container.id).exec();
        } catch (NotModifiedException e) {
            return false;
        } catch (NotFoundException e) {
            if (!EngineErrors.networkMissing(e, settings.network())) {
                throw e;
            }
            network.forget();
            network.ensure();
            client.startContainerCmd(container.id).exec();
        }
        return true;
    }

    private void pull(String image, Progress progress) {
        // Between two lines of progress may lie the check of a large layer.
        engine.patiently(settings.timeouts().pull(), patient -> {
            new ImagePull(image).run(patient, settings.timeouts().pull(), progress);
            return true;
        });
    }

    private GpuAccess gpuAccess(Deployment deployment) {
        if (deployment.gpus().isEmpty()) {
            return GpuAccess.CDI; // any will do, so nobody is asked
        }
        GpuAccess known = gpuAccess;
        if (known == null) {
            known = asking("asking the engine how it hands over GPUs", deployment, engine::gpuAccess);
            gpuAccess = known;
        }
        return known;
    }

    private <T extends @Nullable Object> T asking(String doing, Deployment deployment, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            DriverException explained = EngineErrors.explain(doing, e, deployment.ports());
            if (!deployment.gpus().isEmpty()) {
                gpuAccess = null; // perhaps the engine was set up anew: look again next time
            }
            throw explained;
        }
    }
}
