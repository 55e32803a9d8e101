package io.remotegpu.api;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.GrpcCompression;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.validation.annotation.Validated;

/** The connection to Temporal, for an application that has none of its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TemporalClientConfiguration.TemporalProperties.class)
public class TemporalClientConfiguration {

    /**
     * Settings under {@code remotegpu.temporal}.
     *
     * @param address host and port of Temporal's front end
     * @param namespace where the workflows are
     */
    @Validated
    @ConfigurationProperties("remotegpu.temporal")
    record TemporalProperties(
            @NotBlank @DefaultValue("127.0.0.1:7233") String address,
            @NotBlank @DefaultValue("default") String namespace) {}

    @Bean(destroyMethod = "shutdown")
    WorkflowServiceStubs temporalConnection(TemporalProperties settings) {
        // Connects when it is needed: the API serves, and says 503 where it must, while Temporal is away.
        return WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(settings.address())
                // The SDK's default compresses each message of a few hundred bytes, which costs more time than it
                // saves.
                .setGrpcCompression(GrpcCompression.NONE)
                .build());
    }

    @Bean
    WorkflowClient temporal(WorkflowServiceStubs temporalConnection, TemporalProperties settings) {
        return WorkflowClient.newInstance(
                temporalConnection,
                WorkflowClientOptions.newBuilder()
                        .setNamespace(settings.namespace())
                        .build());
    }
}
