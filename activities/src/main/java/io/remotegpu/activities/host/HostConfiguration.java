package io.remotegpu.activities.host;

import io.remotegpu.activities.engine.StoredCredentials;
import io.remotegpu.activities.engine.StoredLogs;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.db.environment.DeploymentInputs;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.db.environment.LogStreams;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.db.gpu.Gpus;
import io.remotegpu.db.secret.InstallationKey;
import io.temporal.client.WorkflowClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The host role, for an application that has a database and a {@link WorkflowClient}. */
@Configuration(proxyBeanMethods = false)
@Import(DatabaseHosts.class)
@EnableConfigurationProperties({
    DockerSettings.class,
    LibvirtSettings.class,
    SimulatedSettings.class,
    WorkerSettings.class
})
public class HostConfiguration {

    @Bean
    HostRole hostRole(
            WorkflowClient temporal,
            DeploymentInputs inputs,
            KeptLogs logs,
            LogStreams streams,
            StepEvents events,
            Gpus gpus,
            WorkerSettings settings,
            DockerSettings docker,
            LibvirtSettings libvirt,
            SimulatedSettings simulated,
            InstallationKey key) {
        return new HostRole(
                temporal,
                new StoredCredentials(inputs),
                new StoredLogs(logs, streams, events),
                new StoredGpus(gpus),
                settings,
                docker,
                libvirt,
                simulated,
                key.fingerprint());
    }
}
