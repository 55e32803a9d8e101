package io.remotegpu.activities.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.activities.worker.ScheduledRole;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.Standings;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcileSteps;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.temporal.client.WorkflowClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The reconciler, for an application with the control role. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReconcilerSettings.class)
public class ReconcilerConfiguration {

    @Bean
    ReconcileSteps reconcileSteps(
            WorkflowClient temporal,
            Standings standings,
            Invariants invariants,
            Findings findings,
            ReconcilerSettings settings,
            ObjectProvider<MeterRegistry> meters) {
        var book = new FindingBook(findings, meters.getIfAvailable(SimpleMeterRegistry::new), settings);
        return new ReconcileActivities(standings, invariants, findings, book, new OpenWorkflows(temporal));
    }

    @Bean
    ScheduledRole reconcilerRole(
            WorkflowClient temporal,
            ReconcileSteps steps,
            EnvironmentRecords records,
            QuotaSteps quota,
            AllocationSteps allocations,
            PortSteps ports,
            ReconcilerSettings settings) {
        return new ScheduledRole(
                temporal,
                new QueueWorker(
                        temporal,
                        ReconcilerWorkflows.QUEUE,
                        ReconcilerWorkflows.implementations(),
                        steps,
                        records,
                        quota,
                        allocations,
                        ports),
                ReconcilerWorkflows.QUEUE,
                ReconcilerWorkflows.SCHEDULE,
                Reconcile.class,
                settings.every());
    }
}
