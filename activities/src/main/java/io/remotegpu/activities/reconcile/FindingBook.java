package io.remotegpu.activities.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.NewFinding;
import io.remotegpu.db.reconcile.Sighting;
import io.remotegpu.workflows.reconcile.Pass;
import io.remotegpu.workflows.reconcile.Repair;
import java.util.Locale;

/** Writes findings down, and counts them: {@code remotegpu.reconciler.findings} and {@code .repairs}. */
final class FindingBook {

    private final Findings findings;
    private final MeterRegistry meters;
    private final ReconcilerSettings settings;

    FindingBook(Findings findings, MeterRegistry meters, ReconcilerSettings settings) {
        this.findings = findings;
        this.meters = meters;
        this.settings = settings;
    }

    Sighting see(Pass pass, NewFinding finding) {
        var sighting = findings.see(finding, pass.startedAt(), settings.grace());
        if (sighting.fresh()) {
            meters.counter(
                            "remotegpu.reconciler.findings",
                            "check",
                            finding.check(),
                            "severity",
                            finding.severity().wireName())
                    .increment();
        }
        return sighting;
    }

    void repaired(Repair repair, String how) {
        switch (repair.kind()) {
            // What nobody knows is still there.
            case QUIET -> findings.postponed(repair.findingId(), how);
            case SETTLE, REST, SWEEP, FINISH -> findings.healed(repair.findingId(), how);
        }
        count(repair, "done");
    }

    /** A workflow that nobody knows was ended. */
    void ended(long findingId, String how) {
        findings.healed(findingId, how);
        count("end", "done");
    }

    void postponed(Repair repair, String why) {
        findings.postponed(repair.findingId(), "not yet: " + why);
        count(repair, "postponed");
    }

    private void count(Repair repair, String outcome) {
        count(repair.kind().name().toLowerCase(Locale.ROOT), outcome);
    }

    private void count(String kind, String outcome) {
        meters.counter("remotegpu.reconciler.repairs", "kind", kind, "outcome", outcome)
                .increment();
    }
}
