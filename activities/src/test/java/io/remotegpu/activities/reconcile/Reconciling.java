package io.remotegpu.activities.reconcile;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.remotegpu.activities.testing.Installation;
import io.remotegpu.activities.worker.QueueWorker;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.reconcile.Finding;
import io.remotegpu.db.reconcile.FindingFilter;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.Standings;
import io.remotegpu.workflows.environment.AllocationSteps;
import io.remotegpu.workflows.environment.EnvironmentRecords;
import io.remotegpu.workflows.environment.PortSteps;
import io.remotegpu.workflows.environment.QuotaSteps;
import io.remotegpu.workflows.reconcile.PassReport;
import io.remotegpu.workflows.reconcile.Reconcile;
import io.remotegpu.workflows.reconcile.ReconcilerWorkflows;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The reconciler of an installation: it looks when the test says so, and heals what it saw twice. */
final class Reconciling implements AutoCloseable {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Installation installation;
    private final ReconcileActivities steps;
    private final QueueWorker worker;

    Reconciling(Installation installation, OpenWorkflows workflows) {
        this.installation = installation;
        var findings = installation.bean(Findings.class);
        steps = new ReconcileActivities(
                installation.bean(Standings.class),
                installation.bean(Invariants.class),
                findings,
                new FindingBook(findings, meters, new ReconcilerSettings(Duration.ofMinutes(1), Duration.ZERO)),
                workflows);
        worker = new QueueWorker(
                installation.client(),
                ReconcilerWorkflows.QUEUE,
                ReconcilerWorkflows.implementations(),
                steps,
                installation.steps(EnvironmentRecords.class),
                installation.steps(QuotaSteps.class),
                installation.steps(AllocationSteps.class),
                installation.steps(PortSteps.class));
        worker.start();
    }

    SimpleMeterRegistry meters() {
        return meters;
    }

    ReconcileActivities steps() {
        return steps;
    }

    PassReport pass() {
        return installation
                .client()
                .newWorkflowStub(
                        Reconcile.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(ReconcilerWorkflows.QUEUE)
                                .setWorkflowId("pass-" + UUID.randomUUID())
                                .build())
                .reconcile();
    }

    PassReport passes(int count) {
        var report = pass();
        for (int more = 1; more < count; more++) {
            report = pass();
        }
        return report;
    }

    List<Finding> open() {
        return find(true);
    }

    List<Finding> all() {
        return find(null);
    }

    private List<Finding> find(@Nullable Boolean open) {
        return installation.bean(Findings.class).search(new FindingFilter(open, null, null, null, null), 0, 100);
    }

    @Override
    public void close() {
        worker.close();
    }
}
