package io.remotegpu.api;

import io.remotegpu.temporal.TemporalConnections;
import io.remotegpu.temporal.TemporalSettingException;
import io.remotegpu.temporal.TemporalSettings;
import io.remotegpu.temporal.Traces;
import io.remotegpu.temporal.TracingSettings;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The connection to Temporal, for an application that has none of its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({TemporalSettings.class, TracingSettings.class})
public class TemporalClientConfiguration {

    /**
     * Connects when it is needed: the API serves, and says 503 where it must, while Temporal is away. But with TLS that
     * does not fit it does not start.
     */
    @Bean(destroyMethod = "shutdown")
    WorkflowServiceStubs temporalConnection(TemporalSettings settings) {
        var connection = TemporalConnections.open(settings);
        if (settings.tls().enabled()) {
            try {
                TemporalConnections.check(connection, settings);
            } catch (TemporalSettingException refused) {
                connection.shutdownNow();
                throw refused;
            }
        }
        return connection;
    }

    @Bean
    WorkflowClient temporal(
            WorkflowServiceStubs temporalConnection, TemporalSettings settings, ObjectProvider<Traces> traces) {
        return TemporalConnections.client(temporalConnection, settings, traces.getIfAvailable());
    }

    /** Only where they are wanted. */
    @Bean
    @ConditionalOnProperty(name = "remotegpu.tracing.enabled", havingValue = "true")
    Traces traces(TracingSettings settings) {
        return new Traces(settings, "remotegpu");
    }
}
