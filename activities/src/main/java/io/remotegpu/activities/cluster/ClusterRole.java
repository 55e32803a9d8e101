package io.remotegpu.activities.cluster;

import io.remotegpu.activities.engine.ActivitySampler;
import io.remotegpu.activities.engine.CredentialSource;
import io.remotegpu.activities.engine.Drivers;
import io.remotegpu.activities.engine.EngineActivities;
import io.remotegpu.activities.engine.EngineSweep;
import io.remotegpu.activities.engine.LogFollower;
import io.remotegpu.activities.engine.LogStore;
import io.remotegpu.activities.engine.Readiness;
import io.remotegpu.activities.worker.HostWorker;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.port.Endpoint;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.host.NodeSteps;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The clusters that this process has credentials of: looks at their nodes when the schedules say so, and carries out the
 * engine steps of each node from its queue. Unlike a machine, a node may be served by several processes: its API server
 * is the one that decides.
 */
final class ClusterRole implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterRole.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final long DRAIN_SECONDS = 10;

    private final WorkflowClient temporal;
    private final Clusters clusters;
    private final HostRepository hosts;
    private final NodeSteps steps;
    private final CredentialSource credentials;
    private final LogStore logs;
    private final BiConsumer<UUID, List<Endpoint>> publish;
    private final WorkerSettings settings;
    private final Map<String, HostWorker> nodes = new HashMap<>();
    private @Nullable WorkerFactory factory;
    private @Nullable Thread looking;

    ClusterRole(
            WorkflowClient temporal,
            Clusters clusters,
            HostRepository hosts,
            NodeSteps steps,
            CredentialSource credentials,
            LogStore logs,
            BiConsumer<UUID, List<Endpoint>> publish,
            WorkerSettings settings) {
        this.temporal = temporal;
        this.clusters = clusters;
        this.hosts = hosts;
        this.steps = steps;
        this.credentials = credentials;
        this.logs = logs;
        this.publish = publish;
        this.settings = settings;
    }

    @Override
    public synchronized void start() {
        if (clusters.names().isEmpty()) {
            return;
        }
        var started = WorkerFactory.newInstance(temporal);
        for (var cluster : clusters.names()) {
            started.newWorker(TaskQueues.ofCluster(cluster)).registerActivitiesImplementations(steps);
        }
        started.start();
        factory = started;
        clusters.names().forEach(cluster -> NodeSchedules.ensure(temporal, cluster));
        looking = Thread.ofVirtual().name("nodes").start(this::keepLooking);
    }

    private void keepLooking() {
        try {
            while (true) {
                look();
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            // The role ends.
        }
    }

    private void look() {
        try {
            for (var cluster : clusters.names()) {
                hosts.ofCluster(cluster).forEach(host -> serve(cluster, host));
            }
        } catch (RuntimeException e) {
            LOG.warn("which nodes there are could not be read; the next look is in {} s", LOOK_EVERY.toSeconds(), e);
        }
    }

    private synchronized void serve(String cluster, Host host) {
        var node = host.facts().values().get("node");
        if (node == null || nodes.containsKey(host.id()) || factory == null) {
            return;
        }
        var drivers =
                new Drivers(Map.of(DeploymentMode.K8S, new PublishingDriver(clusters.driver(cluster, node), publish)));
        var worker = new HostWorker(
                temporal,
                host.id(),
                settings,
                new EngineActivities(drivers, credentials, logs, new Readiness(settings.readyTimeout())),
                new EngineSweep(drivers, null, id -> hosts.hasPlaceInCluster(id, cluster)),
                new ActivitySampler(drivers),
                new LogFollower(drivers, logs));
        worker.start();
        nodes.put(host.id(), worker);
        LOG.info("serving host {}, node {} of cluster {}", host.id(), node, cluster);
    }

    @Override
    public synchronized void stop() {
        if (looking != null) {
            looking.interrupt();
        }
        nodes.values().forEach(HostWorker::close);
        nodes.clear();
        if (factory != null) {
            factory.shutdownNow();
            factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
            factory = null;
        }
        clusters.close();
    }

    @Override
    public synchronized boolean isRunning() {
        return factory != null;
    }
}
