package io.remotegpu.db.idle;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** What is true of the decision and the plan for any samples. */
class IdlePropertiesTest {

    private static final Instant BEGAN = Instant.parse("2026-11-23T10:00:00Z");
    private static final Duration GAP = Duration.ofMinutes(3);
    private static final IdleDecision DECISION = new IdleDecision(true, false, 5, 5, GAP);

    /** One look: how long after the one before, what was seen, and what was computed since. */
    record Step(int seconds, Integer connections, Integer gpu, int cpuMillis, boolean known) {}

    @Property(tries = 1000)
    void idleMeansThatAllSinceThenIsKnownAndIdleWithoutAGap(@ForAll("steps") List<Step> steps) {
        var samples = samples(steps);
        var judged = DECISION.judge(samples, samples.getLast().at());
        if (judged.state() != Idleness.State.IDLE) {
            assertThat(judged.since()).isNull();
            return;
        }
        var stretch = samples.stream()
                .filter(sample -> !sample.at().isBefore(judged.since()))
                .toList();
        assertThat(stretch).isNotEmpty().allMatch(IdlePropertiesTest::quiet);
        for (int i = 1; i < stretch.size(); i++) {
            assertThat(connected(stretch.get(i - 1), stretch.get(i))).isTrue();
        }
        int before = samples.size() - stretch.size() - 1;
        if (before >= 0) {
            assertThat(quiet(samples.get(before)) && connected(samples.get(before), stretch.getFirst()))
                    .as("it is idle for as long as possible")
                    .isFalse();
        }
    }

    @Property(tries = 500)
    void oneUseOrOneThingUnknownEndsAnyIdleness(@ForAll("steps") List<Step> steps, @ForAll boolean use) {
        var samples = new ArrayList<>(samples(steps));
        var last = samples.getLast();
        var cpu = last.activity().cpuNanos();
        samples.add(new ActivitySample(
                last.at().plusSeconds(60), new Activity(use ? 1 : null, cpu == null ? 0 : cpu, 0, null), null));
        assertThat(DECISION.judge(samples, last.at().plusSeconds(60)).state())
                .isEqualTo(use ? Idleness.State.IN_USE : Idleness.State.UNKNOWN);
    }

    /** The plan as a look after the other follows it, with or without an extension. */
    @Property(tries = 500)
    void nothingIsStoppedBeforeItsTimeIsOutAndItsUsersHadTheWarning(
            @ForAll("steps") List<Step> steps,
            @ForAll @IntRange(min = 1, max = 20) int timeoutMinutes,
            @ForAll @IntRange(min = 0, max = 60) int extendedMinutes) {
        var timeout = Duration.ofMinutes(timeoutMinutes);
        var lead = timeout.dividedBy(10);
        var extended = extendedMinutes == 0 ? null : BEGAN.plus(Duration.ofMinutes(extendedMinutes));
        var samples = samples(steps);
        Instant warned = null;
        for (int i = 1; i <= samples.size(); i++) {
            var now = samples.get(i - 1).at();
            var idleness = DECISION.judge(samples.subList(0, i), now);
            var plan = IdlePlan.of(idleness, timeout, lead, extended, warned, now);
            if (plan.step() == IdlePlan.Step.STOP) {
                var since = Objects.requireNonNull(idleness.since());
                assertThat(Duration.between(since, now)).isGreaterThanOrEqualTo(timeout);
                assertThat(Duration.between(Objects.requireNonNull(plan.warnedAt()), now))
                        .isGreaterThanOrEqualTo(lead);
                assertThat(extended == null || !extended.isAfter(now)).isTrue();
            }
            if (plan.step() == IdlePlan.Step.WARN) {
                assertThat(warned).as("one warning for one stretch").isNull();
            }
            if (idleness.state() != Idleness.State.IDLE) {
                assertThat(plan).isEqualTo(new IdlePlan(IdlePlan.Step.NOTHING, null, null));
            }
            warned = plan.warnedAt();
        }
    }

    private static boolean quiet(ActivitySample sample) {
        var seen = sample.activity();
        return seen.connections() != null
                && seen.connections() == 0
                && seen.cpuNanos() != null
                && seen.gpuPercent() != null
                && seen.gpuPercent() <= 5;
    }

    private static boolean connected(ActivitySample one, ActivitySample next) {
        var before = one.activity().cpuNanos();
        var after = next.activity().cpuNanos();
        var between = Duration.between(one.at(), next.at());
        return before != null
                && after != null
                && between.compareTo(GAP) <= 0
                && after >= before
                && 100.0 * (after - before) / between.toNanos() <= 5;
    }

    private static List<ActivitySample> samples(List<Step> steps) {
        var samples = new ArrayList<ActivitySample>();
        var at = BEGAN;
        long cpu = 0;
        for (var step : steps) {
            at = at.plusSeconds(step.seconds());
            cpu += step.cpuMillis() * 1_000_000L;
            samples.add(
                    step.known()
                            ? new ActivitySample(at, new Activity(step.connections(), cpu, step.gpu(), null), null)
                            : new ActivitySample(at, Activity.unknown(), "the host is away"));
        }
        return samples;
    }

    @Provide
    static Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(20, Arbitraries.just(60)),
                                Tuple.of(1, Arbitraries.integers().between(1, 400))),
                        Arbitraries.frequency(Tuple.of(30, 0), Tuple.of(1, 2)).injectNull(0.02),
                        Arbitraries.frequency(Tuple.of(30, 0), Tuple.of(5, 5), Tuple.of(1, 90))
                                .injectNull(0.02),
                        Arbitraries.frequency(Tuple.of(30, 0), Tuple.of(10, 3000), Tuple.of(1, 30_000)),
                        Arbitraries.frequency(Tuple.of(40, true), Tuple.of(1, false)))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }
}
