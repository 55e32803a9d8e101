package io.remotegpu.activities.reconcile;

import io.remotegpu.db.reconcile.Standing;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Observation.State;
import io.remotegpu.workflows.reconcile.EngineAnswer;
import io.remotegpu.workflows.reconcile.RepairKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one engine of a host says, against what the rows say: only of environments at rest since before it was asked. Decides
 * nothing from an engine that did not answer, and does nothing to what lives elsewhere.
 */
final class EngineComparison {

    private final String hostId;
    private final Map<UUID, Standing> rows;
    private final Set<UUID> known;
    private final List<Difference> differences = new ArrayList<>();

    /**
     * @param rows of everything that is seen, or should be
     * @param known what this database once gave something to
     */
    EngineComparison(String hostId, List<Standing> rows, Set<UUID> known) {
        this.hostId = hostId;
        this.rows = rows.stream().collect(Collectors.toMap(Standing::id, Function.identity(), (one, _) -> one));
        this.known = known;
    }

    List<Difference> compare(EngineAnswer answer) {
        if (answer.trouble() != null) {
            return List.of();
        }
        var seen = new HashSet<UUID>();
        for (var environment : answer.seen()) {
            seen.add(environment.id());
            var row = rows.get(environment.id());
            if (row == null) {
                withoutRow(answer, environment);
            } else if (row.rested()) {
                withRow(answer, environment, row);
            }
        }
        rows.values().stream()
                .filter(row -> row.rested() && hostId.equals(row.hostId()) && row.mode() == answer.mode())
                .filter(row -> !seen.contains(row.id()))
                .forEach(this::unseen);
        return List.copyOf(differences);
    }

    private void withoutRow(EngineAnswer answer, EngineAnswer.Seen seen) {
        if (known.contains(seen.id())) {
            add(
                    Check.LEFTOVER,
                    answer,
                    seen,
                    null,
                    "it was refused, and " + hostId + " still has it",
                    RepairKind.SWEEP);
        } else {
            add(
                    Check.UNKNOWN_ENVIRONMENT,
                    answer,
                    seen,
                    null,
                    hostId + " has it (" + words(seen) + "), and this database never gave it",
                    runs(seen.state()) ? RepairKind.QUIET : null);
        }
    }

    private void withRow(EngineAnswer answer, EngineAnswer.Seen seen, Standing row) {
        var nothingLeft = row.status() == EnvironmentStatus.FAILED && !row.hasData();
        if (row.status() == EnvironmentStatus.DELETED || nothingLeft) {
            var found = "it is " + row.status().wireName() + ", and " + hostId + " still has it";
            add(Check.LEFTOVER, answer, seen, row, found, RepairKind.SWEEP);
        } else if (!hostId.equals(row.hostId())) {
            add(
                    Check.MISPLACED,
                    answer,
                    seen,
                    row,
                    "it is on " + row.hostId() + ", and " + hostId + " has it, too",
                    null);
        } else {
            switch (row.status()) {
                case RUNNING -> running(answer, seen, row);
                case STOPPED, FAILED -> {
                    if (runs(seen.state())) {
                        var found = "it is " + row.status().wireName() + ", and " + hostId + " runs it";
                        add(Check.RUNS_AT_REST, answer, seen, row, found, RepairKind.REST);
                    }
                }
                // Moving ones are never at rest, or the invariants say so.
                case QUEUED, CREATING, STARTING, STOPPING, DELETING, DELETED -> {}
            }
        }
    }

    private void running(EngineAnswer answer, EngineAnswer.Seen seen, Standing row) {
        switch (seen.state()) {
            case RUNNING -> {}
            case STARTING -> add(Check.NOT_ANSWERING, answer, seen, row, hostId + " runs it, but " + words(seen), null);
            case STOPPED, FAILED, ABSENT ->
                add(
                        Check.ENDED,
                        answer,
                        seen,
                        row,
                        "it ended without being stopped: " + hostId + " says " + words(seen),
                        RepairKind.SETTLE);
        }
    }

    /** The engine answered, and has nothing of it. */
    private void unseen(Standing row) {
        if (row.status() == EnvironmentStatus.RUNNING) {
            differences.add(new Difference(
                    Check.ENDED,
                    row.id(),
                    row.mode(),
                    row.operationId(),
                    "it was removed from " + hostId
                            + " behind RemoteGPU's back, with its data: a start makes it anew, empty",
                    RepairKind.SETTLE));
        } else if (row.hasData()) {
            differences.add(new Difference(
                    Check.DATA_MISSING,
                    row.id(),
                    row.mode(),
                    row.operationId(),
                    "it is " + row.status().wireName() + ", and its data is not on " + hostId,
                    null));
        }
    }

    private void add(
            Check check,
            EngineAnswer answer,
            EngineAnswer.Seen seen,
            @Nullable Standing row,
            String found,
            @Nullable RepairKind repair) {
        differences.add(
                new Difference(check, seen.id(), answer.mode(), row == null ? null : row.operationId(), found, repair));
    }

    private static boolean runs(State state) {
        return switch (state) {
            case RUNNING, STARTING -> true;
            case ABSENT, STOPPED, FAILED -> false;
        };
    }

    private static String words(EngineAnswer.Seen seen) {
        var state = switch (seen.state()) {
            case RUNNING -> "running";
            case STARTING -> "not every service answers";
            case ABSENT -> "absent";
            case STOPPED -> "stopped";
            case FAILED -> "failed";
        };
        return seen.reason() == null ? state : state + " (" + seen.reason() + ")";
    }
}
