package io.remotegpu.db.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.environment.OperationTotals.End;
import io.remotegpu.db.environment.OperationTotals.Took;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationTotalsIT extends DatabaseTest {

    private static final End STARTED = new End(OperationKind.START, OperationOutcome.SUCCEEDED);
    private static final End NOT_STARTED = new End(OperationKind.START, OperationOutcome.FAILED);

    private OperationTotals totals;
    private UUID environment;

    @BeforeEach
    void anEnvironmentOfWhichNothingHasEnded() {
        totals = new OperationTotals(jdbc);
        host("h1", 0);
        environment = running(user("ann"), Specs.terminal("one", 0));
        jdbc.sql("DELETE FROM operations").update();
    }

    @Test
    void whatIsUnderWayHasNotEnded() {
        lifecycle.begin(environment, "stop", OperationKind.STOP, "ann");
        assertThat(totals.now()).isEmpty();
    }

    @Test
    void operationsAreCountedByHowTheyEndedAndAfterHowLong() {
        ended("succeeded", 7200, 0.25);
        ended("succeeded", 0, 90);
        ended("failed", 7200, 8000);

        var now = totals.now();

        assertThat(now).containsOnlyKeys(STARTED, NOT_STARTED);
        assertThat(counts(now, STARTED)).containsExactly(1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
        assertThat(now.get(STARTED).seconds()).isEqualTo(90.25);
        assertThat(counts(now, NOT_STARTED)).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }

    @Test
    void whatWasAddedUpIsCountedOnceAndWhatComesToo() {
        ended("succeeded", 7200, 0.25);
        ended("succeeded", 60, 0.25);
        totals.now();
        ended("succeeded", 0, 0.25);

        assertThat(counts(totals.now(), STARTED)).startsWith(3L);
        assertThat(counts(totals.now(), STARTED)).startsWith(3L);
    }

    private static long[] counts(Map<End, Took> totals, End end) {
        return totals.get(end).counts();
    }

    private void ended(String outcome, int secondsAgo, double seconds) {
        jdbc.sql("""
                        INSERT INTO operations (id, environment_id, kind, step, requested_by, outcome, started_at, ended_at)
                        SELECT gen_random_uuid()::text, :id, 'start', 'start', 'ann', :outcome,
                            at - :seconds * interval '1 second', at FROM (SELECT now() - :ago * interval '1 second' AS at) t""")
                .param("id", environment)
                .param("outcome", outcome)
                .param("seconds", seconds)
                .param("ago", secondsAgo)
                .update();
    }
}
