package io.remotegpu.activities.watch;

import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.activities.worker.ScheduledRole;
import io.remotegpu.activities.worker.WorkerSettings;
import io.remotegpu.db.environment.HostLosses;
import io.remotegpu.db.environment.Interventions;
import io.remotegpu.db.host.DrainedEnvironments;
import io.remotegpu.db.host.HostWatch;
import io.remotegpu.db.user.DeactivatedEnvironments;
import io.remotegpu.workflows.TaskQueues;
import io.remotegpu.workflows.host.HostWorkflows;
import io.remotegpu.workflows.host.WatchHosts;
import io.temporal.client.WorkflowClient;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The watch over hosts, for an application with the control role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({HostWatchSettings.class, WorkerSettings.class})
public class HostWatchConfiguration {

    @Bean
    ScheduledRole hostWatchRole(
            WorkflowClient temporal,
            HostWatch watch,
            HostLosses losses,
            DrainedEnvironments drained,
            DeactivatedEnvironments deactivated,
            Interventions interventions,
            HostWatchSettings settings,
            WorkerSettings worker) {
        return new ScheduledRole(
                temporal,
                new QueueWorker(
                        temporal,
                        TaskQueues.HOSTS,
                        HostWorkflows.watching(),
                        new HostWatchActivities(
                                temporal, watch, losses, drained, deactivated, interventions, settings, worker)),
                TaskQueues.HOSTS,
                HostWorkflows.WATCH_SCHEDULE,
                WatchHosts.class,
                settings.every());
    }
}
