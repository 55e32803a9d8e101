package io.remotegpu.activities.watch;

import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.environment.Interventions;
import io.remotegpu.db.host.DrainedEnvironments;
import io.remotegpu.db.host.HostWatch;
import io.temporal.client.WorkflowClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The watch over hosts, for an application with the control role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({HostWatchSettings.class, WorkerSettings.class})
public class HostWatchConfiguration {

    @Bean
    HostWatchRole hostWatchRole(
            WorkflowClient temporal,
            HostWatch watch,
            HostLosses losses,
            DrainedEnvironments drained,
            Interventions interventions,
            HostWatchSettings settings,
            WorkerSettings worker) {
        return new HostWatchRole(
                temporal,
                new HostWatchActivities(temporal, watch, losses, drained, interventions, settings, worker),
                settings);
    }
}
