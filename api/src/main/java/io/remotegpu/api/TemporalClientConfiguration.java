package io.remotegpu.api;

import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettings;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connection to Temporal, for an application that has none of its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TemporalSettings.class)
public class TemporalClientConfiguration {

    /** Connects when it is needed: the API serves, and says 503 where it must, while Temporal is away. */
    @Bean(destroyMethod = "shutdown")
    WorkflowServiceStubs temporalConnection(TemporalSettings settings) {
        return TemporalConnections.open(settings);
    }

    @Bean
    WorkflowClient temporal(WorkflowServiceStubs temporalConnection, TemporalSettings settings) {
        return TemporalConnections.client(temporalConnection, settings);
    }
}
