package io.remotegpu.db.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On samples a minute apart; nothing may have been seen for three. */
class IdleDecisionTest {

    private static final Instant BEGAN = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration GAP = Duration.ofMinutes(3);
    private static final long SECOND = 1_000_000_000L;

    private final List<ActivitySample> samples = new ArrayList<>();
    private long cpu;

    @Test
    void whatNobodyUsesIsIdleSinceItsFirstSample() {
        quiet(0, 1, 2, 3);

        var judged = terminal();

        assertThat(judged.state()).isEqualTo(Idleness.State.IDLE);
        assertThat(judged.since()).isEqualTo(minute(0));
        assertThat(judged.finding())
                .isEqualTo("no open connection, CPU at most 0.0 % of a core, in 4 samples from " + minute(0) + " to "
                        + minute(3));
    }

    @Test
    void anOpenConnectionIsUseAndIdlenessBeginsAnewAfterIt() {
        quiet(0, 1);
        sample(2, new Activity(1, cpu, null, null));
        assertThat(terminal()).isEqualTo(Idleness.inUse("1 open connection"));

        quiet(3, 4);
        assertThat(terminal().since()).isEqualTo(minute(3));
    }

    @Test
    void aJobThatComputesIsUseAlsoWhenNobodyIsConnected() {
        quiet(0, 1);
        cpu += 30 * SECOND;
        quiet(2);
        assertThat(terminal()).isEqualTo(Idleness.inUse("CPU at 50.0 % of a core"));

        quiet(3);
        assertThat(terminal().since()).as("it computed until then").isEqualTo(minute(2));
    }

    @Test
    void aPauseInTheMiddleOfAJobIsNotTheEndOfIt() {
        for (int at = 0; at < 100; at++) {
            cpu += at % 10 == 9 ? 60 * SECOND : 0;
            quiet(at);
            var since = terminal().since();
            if (since != null) {
                assertThat(Duration.between(since, minute(at))).isLessThan(Duration.ofMinutes(10));
            }
        }
    }

    @Test
    void aBusyGpuIsUse() {
        sample(0, new Activity(0, 0L, 0, null));
        sample(1, new Activity(0, 0L, 6, null));
        assertThat(decision(true, false).judge(samples, minute(1))).isEqualTo(Idleness.inUse("GPU at 6 %"));

        sample(2, new Activity(0, 0L, 5, null));
        assertThat(decision(true, false).judge(samples, minute(2)).finding()).contains("GPU at most 5 %");
    }

    @Test
    void aBusyKernelIsUseAndSoIsOneThatWasBusySinceTheLastSample() {
        sample(0, new Activity(0, 0L, null, new Activity.Jupyter(1, minute(0))));
        assertThat(ide(0)).isEqualTo(Idleness.inUse("1 busy kernel"));

        var finished = minute(1).plusSeconds(30);
        sample(1, new Activity(0, 0L, null, new Activity.Jupyter(0, null)));
        sample(2, new Activity(0, 0L, null, new Activity.Jupyter(0, finished)));
        assertThat(ide(2).since()).isEqualTo(finished);
    }

    @Test
    void theClockOfAKernelMayBeAhead() {
        sample(0, new Activity(0, 0L, null, new Activity.Jupyter(0, minute(90))));
        assertThat(ide(0).since()).isEqualTo(minute(0));
    }

    @Test
    void whatCannotBeSeenIsUnknownAndNotIdle() {
        assertThat(terminal().state()).isEqualTo(Idleness.State.UNKNOWN);
        sample(0, new Activity(null, 0L, null, null));
        assertThat(terminal()).isEqualTo(Idleness.unknown("cannot be seen: connections"));
        sample(1, new Activity(0, null, null, null));
        assertThat(terminal()).isEqualTo(Idleness.unknown("cannot be seen: CPU use"));
        sample(2, new Activity(0, 0L, null, null));
        assertThat(decision(true, true).judge(samples, minute(2)))
                .isEqualTo(Idleness.unknown("cannot be seen: GPU use, Jupyter's kernels"));
        assertThat(terminal().since()).as("before it nothing was known").isEqualTo(minute(2));
        samples.add(new ActivitySample(minute(3), Activity.unknown(), "the host is away"));
        assertThat(terminal()).isEqualTo(Idleness.unknown("it could not be looked at: the host is away"));
    }

    @Test
    void aGapBetweenSamplesIsUnknown() {
        quiet(0, 1, 5, 6);
        assertThat(terminal().since()).isEqualTo(minute(5));
        assertThat(decision(false, false).judge(samples, minute(10)))
                .isEqualTo(Idleness.unknown("nothing was seen of it since " + minute(6)));
    }

    @Test
    void acrossARestartOfItsComputeNothingIsKnownOfItsCpu() {
        cpu = 10 * SECOND;
        quiet(0, 1);
        cpu = 0;
        quiet(2, 3);
        assertThat(terminal().since()).isEqualTo(minute(2));
    }

    private Idleness terminal() {
        var now = samples.isEmpty() ? minute(0) : samples.getLast().at();
        return decision(false, false).judge(samples, now);
    }

    private Idleness ide(int at) {
        return decision(false, true).judge(samples, minute(at));
    }

    private static IdleDecision decision(boolean gpus, boolean jupyter) {
        return new IdleDecision(gpus, jupyter, 5, 5, GAP);
    }

    private void quiet(int... minutes) {
        for (int at : minutes) {
            sample(at, new Activity(0, cpu, null, null));
        }
    }

    private void sample(int at, Activity activity) {
        samples.add(new ActivitySample(minute(at), activity, null));
    }

    private static Instant minute(int minute) {
        return BEGAN.plus(Duration.ofMinutes(minute));
    }
}
