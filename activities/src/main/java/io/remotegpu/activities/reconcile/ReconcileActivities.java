package io.remotegpu.activities.reconcile;

import io.remotegpu.db.invariants.Invariant;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.invariants.Violation;
import io.remotegpu.db.reconcile.Findings;
import io.remotegpu.db.reconcile.NewFinding;
import io.remotegpu.db.reconcile.Standing;
import io.remotegpu.db.reconcile.Standings;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.workflows.reconcile.EngineAnswer;
import io.remotegpu.workflows.reconcile.Errand;
import io.remotegpu.workflows.reconcile.HostToAsk;
import io.remotegpu.workflows.reconcile.Pass;
import io.remotegpu.workflows.reconcile.PassReport;
import io.remotegpu.workflows.reconcile.ReconcileSteps;
import io.remotegpu.workflows.reconcile.Repair;
import io.remotegpu.workflows.reconcile.RepairKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The database's and Temporal's side of a pass. */
final class ReconcileActivities implements ReconcileSteps {

    /** One pass heals no more at once: a mistake of ours, or a mass event, is then seen before it is everywhere. */
    private static final int MOST_REPAIRS = 100;

    private final Standings standings;
    private final Invariants invariants;
    private final Findings findings;
    private final FindingBook book;
    private final OpenWorkflows workflows;
    private final StrayWorkflows strays;

    ReconcileActivities(
            Standings standings, Invariants invariants, Findings findings, FindingBook book, OpenWorkflows workflows) {
        this.standings = standings;
        this.invariants = invariants;
        this.findings = findings;
        this.book = book;
        this.workflows = workflows;
        this.strays = new StrayWorkflows(workflows, standings, book);
    }

    @Override
    public Pass begin() {
        var hosts = standings.hosts().entrySet().stream()
                .map(host -> new HostToAsk(host.getKey(), host.getValue()))
                .toList();
        return new Pass(findings.now(), hosts);
    }

    @Override
    public List<Repair> compare(Pass pass, String hostId, List<EngineAnswer> answers) {
        var seen = new TreeSet<UUID>();
        answers.forEach(answer -> answer.seen().forEach(environment -> seen.add(environment.id())));
        var rows = new ArrayList<>(standings.on(hostId, pass.startedAt()));
        rows.addAll(standings.among(seen, pass.startedAt()));
        var known = standings.known(seen);
        var due = new ArrayList<Repair>();
        for (var answer : answers) {
            if (answer.trouble() != null) {
                engineUnseen(pass, hostId, "its " + answer.mode().wireName() + " engine", answer.trouble());
            }
            for (var difference : new EngineComparison(hostId, rows, known).compare(answer)) {
                see(pass, hostId, difference, due);
            }
        }
        return due;
    }

    private void see(Pass pass, String hostId, Difference difference, List<Repair> due) {
        var id = difference.environmentId();
        var check = difference.check();
        var sighting = book.see(
                pass,
                new NewFinding(
                        check.wireName(),
                        "environment/" + id + " on " + hostId,
                        check.severity(),
                        id,
                        hostId,
                        "environment " + id + ": " + difference.found(),
                        check.remedy()));
        var kind = difference.repair();
        if (sighting.ripe() && kind != null && due.size() < MOST_REPAIRS) {
            due.add(new Repair(
                    kind, sighting.id(), id, hostId, difference.mode(), difference.operationId(), difference.found()));
        }
    }

    @Override
    public void unseen(Pass pass, String hostId, String why) {
        engineUnseen(pass, hostId, "its agent", why);
    }

    private void engineUnseen(Pass pass, String hostId, String what, String why) {
        book.see(
                pass,
                new NewFinding(
                        Check.ENGINE_UNSEEN.wireName(),
                        "host/" + hostId,
                        Check.ENGINE_UNSEEN.severity(),
                        null,
                        hostId,
                        "host " + hostId + ": " + what + " could not be asked: " + why,
                        Check.ENGINE_UNSEEN.remedy()));
    }

    @Override
    public List<Repair> checkRows(Pass pass) {
        // One repair heals all that is wrong with an environment.
        var due = new LinkedHashMap<UUID, Repair>();
        for (var violation : invariants.check()) {
            var invariant = violation.invariant();
            var sighting = book.see(
                    pass,
                    new NewFinding(
                            invariant.wireName(),
                            violation.subject(),
                            invariant.severity(),
                            violation.environmentId(),
                            violation.hostId(),
                            violation.found(),
                            invariant.remedy()));
            if (sighting.ripe() && violation.environmentId() != null && due.size() < MOST_REPAIRS) {
                var repair = repair(violation, sighting.id(), pass.startedAt());
                if (repair != null) {
                    due.putIfAbsent(repair.environmentId(), repair);
                }
            }
        }
        return List.copyOf(due.values());
    }

    private @Nullable Repair repair(Violation violation, long findingId, Instant before) {
        var environmentId = violation.environmentId();
        if (environmentId == null || !isHeld(violation.invariant())) {
            return null;
        }
        return standings
                .of(environmentId, before)
                .filter(Standing::rested)
                .map(row -> new Repair(
                        row.status() == EnvironmentStatus.DELETED ? RepairKind.SWEEP : RepairKind.REST,
                        findingId,
                        row.id(),
                        row.hostId() == null ? violation.hostId() : row.hostId(),
                        row.mode(),
                        row.operationId(),
                        violation.found()))
                .orElse(null);
    }

    /** Whether it says that something at rest still holds something, which is safe to give back once its engine stopped it. */
    private static boolean isHeld(Invariant invariant) {
        return switch (invariant) {
            case GPUS_OF_NOBODY_AT_REST,
                    NOBODY_AT_REST_HAS_A_PLACE,
                    FAILED_HOLDS_NOTHING,
                    LEASES_OF_THE_LIVING,
                    RESERVATIONS_OF_THE_LIVING -> true;
            case GPUS_AS_ASKED,
                    RUNNING_HAS_A_PLACE,
                    ALLOCATED_WHERE_IT_IS,
                    GPU_HISTORY_AGREES,
                    GPUS_ON_THE_SAME_HOST,
                    GPUS_END_WITH_THEIR_PLACE,
                    LEASED_IN_ITS_CLUSTER,
                    A_PORT_FOR_EACH_SERVICE,
                    USED_IS_THE_SUM,
                    HELD_FITS_THE_HOST,
                    WHAT_LIVES_IS_RESERVED,
                    RESERVED_AS_ASKED,
                    WHAT_MOVES_HAS_AN_OPERATION,
                    WHAT_RESTS_HAS_NONE,
                    LOG_AGREES,
                    ONE_AT_A_TIME -> false;
        };
    }

    @Override
    public List<Repair> checkOperations(Pass pass) {
        strays.check(pass, MOST_REPAIRS);
        var due = new ArrayList<Repair>();
        for (var row : standings.moving(pass.startedAt())) {
            var operationId = Objects.requireNonNull(row.operationId(), "what moves has an open operation");
            // Asked again after its workflow was not there: until then the operation may have ended as it should.
            if (workflows.has(row.id()) || !standings.isOpen(operationId)) {
                continue;
            }
            var found = "its " + String.valueOf(row.operationKind()).toLowerCase(Locale.ROOT)
                    + " has not ended, and the workflow that carried it out is gone";
            var check = Check.OPERATION_WITHOUT_WORKFLOW;
            var sighting = book.see(
                    pass,
                    new NewFinding(
                            check.wireName(),
                            "environment/" + row.id() + "/" + operationId,
                            check.severity(),
                            row.id(),
                            row.hostId(),
                            "environment " + row.id() + ": " + found,
                            check.remedy()));
            if (sighting.ripe() && due.size() < MOST_REPAIRS) {
                due.add(new Repair(
                        RepairKind.FINISH, sighting.id(), row.id(), row.hostId(), row.mode(), operationId, found));
            }
        }
        return due;
    }

    @Override
    public PassReport end(Pass pass, Set<String> hostsSeen, int repairs) {
        findings.close(pass.startedAt(), Check.ofEngines(), hostsSeen);
        var open = findings.open().values().stream().mapToInt(Integer::intValue).sum();
        return new PassReport(List.copyOf(hostsSeen), List.of(), repairs, open);
    }

    @Override
    public @Nullable Errand confirm(Repair repair) {
        var row = standings.of(repair.environmentId(), findings.now()).orElse(null);
        if (row == null) {
            var known = !standings.known(Set.of(repair.environmentId())).isEmpty();
            var due = repair.kind() == (known ? RepairKind.SWEEP : RepairKind.QUIET);
            return due ? new Errand(repair.hostId(), repair.mode(), null, false) : null;
        }
        var same = row.operationId() == null
                ? repair.operationId() == null
                : row.operationId().equals(repair.operationId());
        if (!same || row.open() != (repair.kind() == RepairKind.FINISH)) {
            return null;
        }
        var here = new Errand(repair.hostId(), repair.mode(), null, false);
        return switch (repair.kind()) {
            case SETTLE ->
                row.status() == EnvironmentStatus.RUNNING
                                && repair.hostId() != null
                                && repair.hostId().equals(row.hostId())
                        ? here
                        : null;
            case REST ->
                row.status() == EnvironmentStatus.STOPPED || row.status() == EnvironmentStatus.FAILED ? here : null;
            case SWEEP ->
                row.status() == EnvironmentStatus.DELETED || row.status() == EnvironmentStatus.FAILED && !row.hasData()
                        ? here
                        : null;
            case QUIET -> null;
            case FINISH ->
                new Errand(row.hostId(), row.mode(), row.operationKind(), row.status() == EnvironmentStatus.FAILED);
        };
    }

    @Override
    public void repaired(Repair repair, String how) {
        book.repaired(repair, how);
    }

    @Override
    public void postponed(Repair repair, String why) {
        book.postponed(repair, why);
    }
}
