package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The objects of environments in our namespace; every failure is a {@link DriverException}. */
final class ClusterObjects {

    private static final String FIELD_MANAGER = "remotegpu";

    private final KubernetesClient client;
    private final KubernetesDriverSettings settings;

    ClusterObjects(KubernetesClient client, KubernetesDriverSettings settings) {
        this.client = client;
        this.settings = settings;
    }

    /** The environment's pod on our node. */
    @Nullable
    Pod pod(UUID id) {
        Pod pod = asking(
                "looking at pod " + Labels.name(id),
                () -> client.pods()
                        .inNamespace(settings.namespace())
                        .withName(Labels.name(id))
                        .get());
        return pod != null && Labels.areHere(id, settings, pod) ? pod : null;
    }

    /** The environment's claim on our node. */
    @Nullable
    PersistentVolumeClaim claim(UUID id) {
        PersistentVolumeClaim claim = asking(
                "looking at the volume of " + id,
                () -> client.persistentVolumeClaims()
                        .inNamespace(settings.namespace())
                        .withName(Labels.claim(id))
                        .get());
        return claim != null && Labels.areHere(id, settings, claim) ? claim : null;
    }

    /** All pods and claims of our node. */
    List<HasMetadata> ofNode() {
        var labels = Labels.selector(settings);
        return asking("listing the environments of node " + settings.node(), () -> {
            List<HasMetadata> found = new ArrayList<>(client.persistentVolumeClaims()
                    .inNamespace(settings.namespace())
                    .withLabels(labels)
                    .list()
                    .getItems());
            found.addAll(client.pods()
                    .inNamespace(settings.namespace())
                    .withLabels(labels)
                    .list()
                    .getItems());
            return found;
        });
    }

    /**
     * What stands under the manifest's name.
     *
     * @throws DriverException {@link ErrorKind#CONFLICT} when it is not of that environment and installation
     */
    <T extends HasMetadata> @Nullable T standing(UUID id, T manifest) {
        T found =
                asking("looking at " + title(manifest), () -> resource(manifest).get());
        if (found != null && !Labels.areOf(id, settings.installation(), found)) {
            throw new DriverException(
                    ErrorKind.CONFLICT,
                    title(manifest) + " exists in namespace " + settings.namespace()
                            + ", but is not of this installation ('" + settings.installation()
                            + "'): remove or rename it");
        }
        return found;
    }

    /** What wakes those who wait for one pod. */
    PodChanges changes() {
        return new PodChanges(client, PodChanges.BETWEEN_LOOKS);
    }

    /** What stands under that name, when it is of that environment on our node. */
    <T extends HasMetadata> @Nullable T here(UUID id, T named) {
        T found = asking("looking at " + title(named), () -> resource(named).get());
        return found != null && Labels.areHere(id, settings, found) ? found : null;
    }

    /** Makes it so, by server-side apply: what others set besides stays. */
    <T extends HasMetadata> T apply(T manifest) {
        return asking(
                "making " + title(manifest),
                () -> resource(manifest)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }

    /** Asks for its removal; absent is success. */
    void delete(HasMetadata object, long graceSeconds) {
        asking(
                "removing " + title(object),
                () -> resource(object).withGracePeriod(graceSeconds).delete());
    }

    /** The same object, as it is now; null when it is gone, or another has its name. */
    <T extends HasMetadata> @Nullable T again(T object) {
        T now = asking("looking at " + title(object), () -> resource(object).get());
        return now != null
                        && object.getMetadata()
                                .getUid()
                                .equals(now.getMetadata().getUid())
                ? now
                : null;
    }

    private <T extends HasMetadata> Resource<T> resource(T object) {
        return client.resource(object).inNamespace(settings.namespace());
    }

    /** For example {@code "service remotegpu-…"}. */
    static String title(HasMetadata object) {
        return object.getKind().toLowerCase(Locale.ROOT) + " "
                + object.getMetadata().getName();
    }

    static <T extends @Nullable Object> T asking(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw ApiErrors.explain(doing, e);
        }
    }
}
