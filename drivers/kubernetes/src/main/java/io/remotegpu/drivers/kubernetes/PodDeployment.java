package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Brings one environment up: each object is made so, in an order in which the claim is the first, because it is also the last
 * to be removed. So there is a claim as long as there is anything, and whoever lists claims misses nothing.
 */
final class PodDeployment {

    /** For a pod that makes way for another. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ClusterObjects objects;
    private final Disappearance disappearance;
    private final Publishing publishing;
    private final PodEvents events;
    private final KubernetesDriverSettings settings;

    PodDeployment(
            ClusterObjects objects,
            Disappearance disappearance,
            Publishing publishing,
            PodEvents events,
            KubernetesDriverSettings settings) {
        this.objects = objects;
        this.disappearance = disappearance;
        this.publishing = publishing;
        this.events = events;
        this.settings = settings;
    }

    void run(Deployment deployment, Progress progress) {
        UUID id = deployment.id();
        EnvironmentManifests manifests = EnvironmentManifests.of(deployment, settings);
        progress.report("making volume, credentials and ports of " + Labels.name(id));
        makeClaim(id, manifests.home(), progress);
        make(id, manifests.credentials(), progress);
        make(id, manifests.network(), progress);
        make(id, manifests.ports(), progress);
        publish(id, manifests.ingress(), progress);
        progress.report("making pod " + Labels.name(id));
        makePod(id, manifests.pod(), progress);
        progress.report("waiting for node " + settings.node() + " to start " + Labels.name(id));
        awaitStart(id, progress);
        publishing.await(id, progress);
    }

    /** A claim that exists stays as it is, whatever the settings say now: most of it cannot be changed. */
    private void makeClaim(UUID id, PersistentVolumeClaim manifest, Progress progress) {
        PersistentVolumeClaim standing = standing(id, manifest, progress);
        objects.apply(
                standing == null
                        ? manifest
                        : new PersistentVolumeClaimBuilder(manifest)
                                .withSpec(standing.getSpec())
                                .build());
    }

    private void publish(UUID id, @Nullable Ingress manifest, Progress progress) {
        if (manifest == null) {
            publishing.withdraw(id);
        } else {
            make(id, manifest, progress);
        }
    }

    private <T extends HasMetadata> void make(UUID id, T manifest, Progress progress) {
        standing(id, manifest, progress);
        objects.apply(manifest);
    }

    private void makePod(UUID id, Pod manifest, Progress progress) {
        Pod standing = standing(id, manifest, progress);
        if (standing != null) {
            if (isAsGood(standing, manifest)) {
                return;
            }
            disappearance.of(standing, GRACE, progress);
        }
        objects.apply(manifest);
    }

    private static boolean isAsGood(Pod standing, Pod manifest) {
        String hash = Labels.annotation(manifest, Labels.SPEC);
        if (hash == null || !hash.equals(Labels.annotation(standing, Labels.SPEC))) {
            return false;
        }
        return switch (PodReading.of(standing)) {
            case PodReading.Running() -> true;
            case PodReading.Coming(String reason) -> true;
            case PodReading.Unplaced(String reason) -> true;
            // A new one is tried at once, and free of what made this one end.
            case PodReading.Restarting(int restarts, String reason) -> false;
            case PodReading.Refused(ErrorKind kind, String reason) -> false;
        };
    }

    /** What has the name and stays; something that is being removed is waited for. */
    private <T extends HasMetadata> @Nullable T standing(UUID id, T manifest, Progress progress) {
        T standing = objects.standing(id, manifest);
        if (standing == null || standing.getMetadata().getDeletionTimestamp() == null) {
            return standing;
        }
        disappearance.of(List.of(standing), settings.timeouts().removal(), progress);
        return null;
    }

    private void awaitStart(UUID id, Progress progress) {
        String name = Labels.name(id);
        var wait = new Wait(settings.timeouts().start(), progress);
        try (PodChanges changes = objects.changes()) {
            awaitStart(id, name, wait, changes);
        }
    }

    private void awaitStart(UUID id, String name, Wait wait, PodChanges changes) {
        while (true) {
            Pod pod = objects.pod(id);
            if (pod == null) {
                throw new DriverException(ErrorKind.OUTCOME_UNKNOWN, "pod " + name + " was removed while it started");
            }
            String reason;
            switch (PodReading.of(pod)) {
                // Why a process ends again and again is for those who observe, with its last words.
                case PodReading.Running() -> {
                    return;
                }
                case PodReading.Restarting(int restarts, String why) -> {
                    return;
                }
                case PodReading.Refused(ErrorKind kind, String why) ->
                    throw new DriverException(kind, "starting pod " + name + " on " + settings.node() + ": " + why);
                case PodReading.Unplaced(String why) -> {
                    if (wait.isLongerThan(settings.timeouts().placement())) {
                        throw new DriverException(
                                ErrorKind.NO_CAPACITY,
                                "node " + settings.node() + " has no room for pod " + name + ": " + why);
                    }
                    reason = why;
                }
                case PodReading.Coming(String why) -> reason = why;
            }
            if (wait.isOver()) {
                throw new DriverException(
                        ErrorKind.OUTCOME_UNKNOWN,
                        "pod " + name + " does not start within "
                                + settings.timeouts().start().toSeconds() + " s: " + reason
                                + events.lastWarning(pod, "; the cluster's last warning: "));
            }
            wait.pause(
                    () -> reason + events.last(pod, "; the cluster's last word: "),
                    longest -> changes.await(pod, longest));
        }
    }
}
