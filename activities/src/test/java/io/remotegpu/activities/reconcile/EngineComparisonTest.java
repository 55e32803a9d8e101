package io.remotegpu.activities.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.reconcile.Standing;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Observation.State;
import io.remotegpu.drivers.spi.OperationKind;
import io.remotegpu.workflows.reconcile.EngineAnswer;
import io.remotegpu.workflows.reconcile.RepairKind;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every pair of what the rows and what the engine say, and what follows from it. */
class EngineComparisonTest {

    private static final String HERE = "host-1";
    private static final UUID ID = UUID.randomUUID();

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            RUNNING | true  | host-1 | RUNNING  | -                   | -
            RUNNING | true  | host-1 | STARTING | NOT_ANSWERING       | -
            RUNNING | true  | host-1 | STOPPED  | ENDED               | SETTLE
            RUNNING | true  | host-1 | FAILED   | ENDED               | SETTLE
            RUNNING | true  | host-1 | ABSENT   | ENDED               | SETTLE
            RUNNING | true  | host-1 | -        | ENDED               | SETTLE
            RUNNING | true  | host-2 | RUNNING  | MISPLACED           | -
            RUNNING | true  | host-2 | -        | -                   | -
            STOPPED | true  | host-1 | STOPPED  | -                   | -
            STOPPED | true  | host-1 | FAILED   | -                   | -
            STOPPED | true  | host-1 | RUNNING  | RUNS_AT_REST        | REST
            STOPPED | true  | host-1 | STARTING | RUNS_AT_REST        | REST
            STOPPED | true  | host-1 | -        | DATA_MISSING        | -
            STOPPED | true  | host-2 | RUNNING  | MISPLACED           | -
            FAILED  | true  | host-1 | RUNNING  | RUNS_AT_REST        | REST
            FAILED  | true  | host-1 | STOPPED  | -                   | -
            FAILED  | false | -      | RUNNING  | LEFTOVER            | SWEEP
            FAILED  | false | -      | STOPPED  | LEFTOVER            | SWEEP
            FAILED  | false | -      | -        | -                   | -
            DELETED | false | host-1 | STOPPED  | LEFTOVER            | SWEEP
            DELETED | false | host-2 | RUNNING  | LEFTOVER            | SWEEP
            DELETED | false | host-1 | -        | -                   | -
            """)
    void ofWhatRests(
            EnvironmentStatus status, boolean hasData, String hostId, State seen, Check found, RepairKind repair) {
        // The database reads deleted ones only where they are seen.
        var rows = status == EnvironmentStatus.DELETED && seen == null
                ? List.<Standing>of()
                : List.of(standing(status, hasData, hostId, true));
        assertFound(new EngineComparison(HERE, rows, Set.of()).compare(answer(seen, null)), found, repair);
    }

    @ParameterizedTest
    @CsvSource({"RUNNING", "STOPPED", "FAILED", "ABSENT", "STARTING"})
    void ofWhatMovedMeanwhileNothingIsSaid(State seen) {
        for (var status : EnvironmentStatus.values()) {
            var rows = List.of(standing(status, true, HERE, false));
            assertThat(new EngineComparison(HERE, rows, Set.of()).compare(answer(seen, null)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            true  | RUNNING | LEFTOVER            | SWEEP
            true  | STOPPED | LEFTOVER            | SWEEP
            false | RUNNING | UNKNOWN_ENVIRONMENT | QUIET
            false | STOPPED | UNKNOWN_ENVIRONMENT | -
            """)
    void withoutRowItMattersWhetherItWasEverGiven(boolean known, State seen, Check found, RepairKind repair) {
        var comparison = new EngineComparison(HERE, List.of(), known ? Set.of(ID) : Set.of());
        assertFound(comparison.compare(answer(seen, null)), found, repair);
    }

    @Test
    void ofAnEngineThatDidNotAnswerNothingIsSaid() {
        var rows = List.of(standing(EnvironmentStatus.RUNNING, true, HERE, true));
        assertThat(new EngineComparison(HERE, rows, Set.of()).compare(answer(null, "it does not answer")))
                .isEmpty();
    }

    @Test
    void whatAnotherEngineOfTheHostHasIsNotMissedOnThisOne() {
        var rows = List.of(standing(EnvironmentStatus.RUNNING, true, HERE, true));
        var machines = new EngineAnswer(DeploymentMode.VM, List.of(), null);
        assertThat(new EngineComparison(HERE, rows, Set.of()).compare(machines)).isEmpty();
    }

    private static void assertFound(List<Difference> differences, Check found, RepairKind repair) {
        if (found == null) {
            assertThat(differences).isEmpty();
            return;
        }
        assertThat(differences).singleElement().satisfies(difference -> {
            assertThat(difference.check()).isEqualTo(found);
            assertThat(difference.repair()).isEqualTo(repair);
            assertThat(difference.environmentId()).isEqualTo(ID);
        });
    }

    private static Standing standing(EnvironmentStatus status, boolean hasData, String hostId, boolean rested) {
        return new Standing(
                ID, status, DeploymentMode.DOCKER, hostId, hasData, "run-1", OperationKind.CREATE, false, rested);
    }

    private static EngineAnswer answer(State seen, String trouble) {
        var list = seen == null ? List.<EngineAnswer.Seen>of() : List.of(new EngineAnswer.Seen(ID, seen, null));
        return new EngineAnswer(DeploymentMode.DOCKER, list, trouble);
    }
}
