package io.remotegpu.activities.worker;

import io.remotegpu.activities.environment.EnvironmentActivitiesConfiguration;
import io.remotegpu.db.DatabaseConfiguration;
import io.remotegpu.db.allocation.CapacityQueue;
import io.remotegpu.db.channel.Channels;
import io.remotegpu.db.secret.InstallationIdentity;
import io.remotegpu.workflows.environment.AdmissionSteps;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The control role, for an application that has a database and a {@link WorkflowClient}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkerSettings.class)
@Import({DatabaseConfiguration.class, EnvironmentActivitiesConfiguration.class})
public class WorkerConfiguration {

    @Bean
    ControlWorker controlWorker(
            WorkflowClient client,
            InstallationIdentity installation,
            AdmissionSteps admissions,
            EnvironmentRecords records,
            QuotaSteps quota,
            AllocationSteps allocations,
            PortSteps ports,
            WorkerSettings settings) {
        NamespaceClaim.make(client, installation.value());
        registerSearchAttributes(client);
        return new ControlWorker(client, admissions, records, quota, allocations, ports, settings);
    }

    @Bean
    QueueDispatcher queueDispatcher(WorkflowClient client, CapacityQueue queue, Channels channels) {
        return new QueueDispatcher(client, queue, channels);
    }

    private static void registerSearchAttributes(WorkflowClient client) {
        WorkflowServiceStubs service = client.getWorkflowServiceStubs();
        var operator = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(service.getRawChannel())
                .validateAndBuildWithDefaults());
        SearchAttributeRegistration.register(operator, client.getOptions().getNamespace());
    }
}
