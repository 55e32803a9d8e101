package io.remotegpu.activities.idle;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.db.idle.IdleSettings;
import io.remotegpu.db.idle.IdleWatch;
import io.temporal.client.WorkflowClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Stopping what nobody uses, for an application with the control role. */
@Configuration(proxyBeanMethods = false)
public class IdleConfiguration {

    @Bean
    IdleRole idleRole(
            WorkflowClient temporal, IdleWatch watch, IdleSettings settings, ObjectProvider<MeterRegistry> meters) {
        return new IdleRole(
                temporal,
                new IdleActivities(temporal, watch, meters.getIfAvailable(SimpleMeterRegistry::new)),
                settings);
    }
}
