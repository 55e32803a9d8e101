package io.remotegpu.activities.cluster;

import io.remotegpu.activities.engine.StoredCredentials;
import io.remotegpu.activities.engine.StoredLogs;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.db.environment.DeploymentInputs;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.db.secret.InstallationKey;
import io.temporal.client.WorkflowClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Kubernetes, for an application with the control role; does nothing where no cluster is set. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KubernetesSettings.class, WorkerSettings.class})
public class ClusterConfiguration {

    @Bean
    ClusterRole clusterRole(
            WorkflowClient temporal,
            KubernetesSettings settings,
            InstallationKey key,
            Hosts hosts,
            HostRepository rows,
            DeploymentInputs inputs,
            KeptLogs logs,
            LogStreams streams,
            StepEvents events,
            PortLeases ports,
            WorkerSettings worker) {
        var clusters = new Clusters(settings, key.fingerprint());
        return new ClusterRole(
                temporal,
                clusters,
                rows,
                new NodeActivities(clusters, hosts, rows),
                new StoredCredentials(inputs),
                new StoredLogs(logs, streams, events),
                ports::publish,
                worker);
    }
}
