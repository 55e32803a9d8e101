package io.remotegpu.activities.reconcile;

import io.remotegpu.db.invariants.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is compared beside the rows' own invariants. */
enum Check {
    /** Running in the rows, and its compute is gone. */
    ENDED(
            Severity.WARNING,
            true,
            "After the grace time it becomes failed, with this reason, and gives its compute back. Start it again: its"
                    + " files are where the engine has them."),
    /** At rest in the rows, and running on the engine. */
    RUNS_AT_REST(
            Severity.CRITICAL,
            true,
            "It uses what may be given to others. After the grace time it is stopped; its data stays."),
    /** Deleted or refused, and still on the engine. */
    LEFTOVER(Severity.CRITICAL, true, "After the grace time it is removed from the engine, with its data."),
    /** Carries our label, and this database never gave it. */
    UNKNOWN_ENVIRONMENT(
            Severity.CRITICAL,
            true,
            "Another database of this installation may know it: was an older one restored? After the grace time its compute"
                    + " is stopped. Its data is kept: remove it on the engine by hand once nobody misses it."),
    /** On an engine that is not its host's. */
    MISPLACED(
            Severity.WARNING,
            true,
            "Nothing is done: two hosts may share one engine. If they do not, remove by hand what is not on its own host."),
    /** Its engine runs it, but its services do not answer. */
    NOT_ANSWERING(
            Severity.WARNING, true, "Nothing is done: it may be busy. See its log; its user can stop and start it."),
    /** Stopped or failed, and its data is not on its host. */
    DATA_MISSING(
            Severity.WARNING,
            true,
            "Bring its volume back to the host before it is started: a start would make an empty one."),
    /** An engine that could not be asked. */
    ENGINE_UNSEEN(
            Severity.INFO,
            false,
            "What is on it is unknown, and therefore neither healed nor freed. See that its engine and its agent run; declare"
                    + " the host lost only if it will not come back."),
    OPERATION_WITHOUT_WORKFLOW(
            Severity.CRITICAL,
            false,
            "After the grace time a stop or delete is finished and a create or start is undone by the reconciler."),
    /** An open workflow whose operation the rows do not know, or know to be over. */
    WORKFLOW_WITHOUT_OPERATION(
            Severity.CRITICAL,
            false,
            "Was an older copy of the database or of Temporal restored? After the grace time the workflow is ended where it is,"
                    + " and what it left is healed as everything else. Whoever still wants the operation asks for it again.");

    private final Severity severity;
    private final boolean ofEngine;
    private final String remedy;

    Check(Severity severity, boolean ofEngine, String remedy) {
        this.severity = severity;
        this.ofEngine = ofEngine;
        this.remedy = remedy;
    }

    Severity severity() {
        return severity;
    }

    String remedy() {
        return remedy;
    }

    /** The name in rows, answers and metrics. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Names of those that say something only where an engine answered. */
    static List<String> ofEngines() {
        return Arrays.stream(values())
                .filter(check -> check.ofEngine)
                .map(Check::wireName)
                .toList();
    }
}
