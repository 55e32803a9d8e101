package io.remotegpu.activities.idle;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.activities.worker.ScheduledRole;
import io.remotegpu.db.idle.IdleSettings;
import io.remotegpu.db.idle.IdleWatch;
import io.remotegpu.workflows.idle.IdleWorkflows;
import io.remotegpu.workflows.idle.WatchIdleness;
import io.temporal.client.WorkflowClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stopping what nobody uses, for an application with the control role. */
@Configuration(proxyBeanMethods = false)
public class IdleConfiguration {

    @Bean
    ScheduledRole idleRole(
            WorkflowClient temporal, IdleWatch watch, IdleSettings settings, ObjectProvider<MeterRegistry> meters) {
        var worker = new QueueWorker(
                temporal,
                IdleWorkflows.QUEUE,
                IdleWorkflows.implementations(),
                new IdleActivities(temporal, watch, meters.getIfAvailable(SimpleMeterRegistry::new)));
        return new ScheduledRole(
                temporal, worker, IdleWorkflows.QUEUE, IdleWorkflows.SCHEDULE, WatchIdleness.class, settings.every());
    }
}
