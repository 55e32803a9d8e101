package io.remotegpu.drivers.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.remotegpu.drivers.spi.Activity;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.EnvironmentActivity;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentLogs;
import io.remotegpu.drivers.spi.LogPart;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import io.remotegpu.drivers.spi.StampedLog;
import io.remotegpu.drivers.spi.probe.ServiceProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs environments as pods of one node of a cluster.
 *
 * <p>An environment is a pod, the claim of its home folder, a secret, a network policy, and a service whose node ports are
 * the leased ones; where services are published by name, also an ingress. A stopped environment has everything but the pod. Which of the node's GPUs it gets, Kubernetes decides:
 * only how many counts. The address of a {@link io.remotegpu.drivers.spi.PortBinding} does not matter: node ports are open
 * at the node's own addresses. A node port is held in the whole cluster, so what is leased on one node must not be
 * leased on another. Thread-safe; keeps nothing that it could not find again in the cluster.
 */
public final class KubernetesDriver implements EnvironmentDriver, EnvironmentLogs, EnvironmentActivity, AutoCloseable {

    private static final Duration GRACE_OF_REMOVAL = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final KubernetesDriverSettings settings;
    private final ClusterObjects objects;
    private final Disappearance disappearance;
    private final Publishing publishing;
    private final PodDeployment deployments;
    private final PodReport report;
    private final PodLog log;

    /** @param cluster stays open when this driver is closed: other nodes' drivers use it too */
    public KubernetesDriver(KubernetesCluster cluster, KubernetesDriverSettings settings) {
        this.client = cluster.client();
        var node = new ClusterNode(client, settings);
        this.settings = settings;
        this.objects = new ClusterObjects(client, settings);
        this.disappearance =
                new Disappearance(objects, node, settings.timeouts().removal());
        this.publishing = new Publishing(objects, settings);
        var events = new PodEvents(client);
        this.deployments = new PodDeployment(objects, disappearance, publishing, events, settings);
        this.log = new PodLog(client);
        this.report = new PodReport(
                node, log, events, new ServiceProbe(settings.timeouts().probe()));
    }

    @Override
    public void deploy(Deployment deployment, Progress progress) {
        deployments.run(deployment, progress);
    }

    @Override
    public void stop(UUID id, Duration grace) {
        Pod pod = objects.pod(id);
        if (pod != null) {
            disappearance.of(pod, grace, Progress.silent());
        }
    }

    @Override
    public void remove(UUID id) {
        stop(id, GRACE_OF_REMOVAL);
        List<HasMetadata> removed = new ArrayList<>();
        for (HasMetadata named : besidesPodAndClaim(id)) {
            HasMetadata standing = objects.here(id, named);
            if (standing != null) {
                objects.delete(standing, 0);
                removed.add(standing);
            }
        }
        disappearance.of(removed, settings.timeouts().removal(), Progress.silent());
        // The last, because as long as it is there the environment is listed.
        PersistentVolumeClaim claim = objects.claim(id);
        if (claim != null) {
            disappearance.of(claim, Duration.ZERO, Progress.silent());
        }
    }

    @Override
    public Observation observe(UUID id) {
        Pod pod = objects.pod(id);
        if (pod != null) {
            return report.of(pod);
        }
        return objects.claim(id) == null ? Observation.absent() : Observation.stopped();
    }

    @Override
    public Set<UUID> list() {
        return objects.ofNode().stream()
                .flatMap(object -> Labels.environment(object).stream())
                .collect(Collectors.toSet());
    }

    @Override
    public List<String> logs(UUID id, int tail) {
        Pod pod = tail < 1 ? null : objects.pod(id);
        return pod == null ? List.of() : log.tail(pod, tail);
    }

    @Override
    public LogPart logsAfter(UUID id, @Nullable String position, int tail) {
        Pod pod = objects.pod(id);
        return pod == null ? StampedLog.none(position) : log.after(pod, position, tail);
    }

    @Override
    public Activity activity(UUID id) {
        Pod pod = objects.pod(id);
        return pod != null && PodReading.of(pod) instanceof PodReading.Running
                ? PodActivity.of(client, pod)
                : Activity.unknown();
    }

    /**
     * Where users reach those services that they do not reach at their node ports; none for an environment that is not
     * here. Known once {@link #deploy} returned.
     */
    public List<PublicAddress> addresses(UUID id) {
        return publishing.addresses(id);
    }

    /** Nothing to do: the connection belongs to the {@link KubernetesCluster}. */
    @Override
    public void close() {}

    private List<HasMetadata> besidesPodAndClaim(UUID id) {
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(Labels.name(id))
                .withNamespace(settings.namespace())
                .build();
        return List.of(
                // whatever the settings say now: an earlier setting may have made it
                new IngressBuilder().withMetadata(metadata).build(),
                new ServiceBuilder().withMetadata(metadata).build(),
                new NetworkPolicyBuilder().withMetadata(metadata).build(),
                new SecretBuilder().withMetadata(metadata).build());
    }
}
