package io.remotegpu.activities.alert;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.activities.worker.ScheduledRole;
import io.remotegpu.db.alert.AlertDeliveries;
import io.remotegpu.db.alert.AlertEvaluation;
import io.remotegpu.workflows.alert.AlertWorkflows;
import io.remotegpu.workflows.alert.EvaluateAlerts;
import io.temporal.client.WorkflowClient;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Alerts, for an application with the control role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AlertSettings.class, EmailSettings.class})
public class AlertConfiguration {

    @Bean
    ScheduledRole alertRole(
            WorkflowClient temporal,
            AlertEvaluation evaluation,
            AlertDeliveries deliveries,
            AlertSettings settings,
            EmailSettings email,
            ObjectProvider<MeterRegistry> meters) {
        var registry = meters.getIfAvailable(SimpleMeterRegistry::new);
        return new ScheduledRole(
                temporal,
                worker(temporal, evaluation, deliveries, settings, email, registry),
                AlertWorkflows.QUEUE,
                AlertWorkflows.SCHEDULE,
                EvaluateAlerts.class,
                settings.every());
    }

    static QueueWorker worker(
            WorkflowClient temporal,
            AlertEvaluation evaluation,
            AlertDeliveries deliveries,
            AlertSettings settings,
            EmailSettings email,
            MeterRegistry meters) {
        var clock = Clock.systemUTC();
        return new QueueWorker(
                temporal,
                AlertWorkflows.QUEUE,
                AlertWorkflows.implementations(),
                new AlertActivities(evaluation, settings.thresholds(email), settings.retryLongest()),
                new DeliveryActivities(
                        deliveries,
                        new Webhooks(settings.loopback(), clock),
                        new Emails(email, clock),
                        settings.patience(),
                        meters));
    }
}
