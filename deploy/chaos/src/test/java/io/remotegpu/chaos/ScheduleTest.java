package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.chaos.Breakage.Circumstance;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    @Test
    void theSameSeedBreaksTheSameThingsInTheSameOrder() {
        assertThat(first(7)).isEqualTo(first(7)).isNotEqualTo(first(8));
    }

    @Test
    void everythingThatCanBeBrokenComesSoonerOrLaterAndNothingElse() {
        var whole = new Schedule(1, EnumSet.of(Circumstance.TOGETHER));
        var there = EnumSet.allOf(Circumstance.class);
        there.remove(Circumstance.TOGETHER);
        var apart = new Schedule(1, there);

        assertThat(Stream.generate(whole::next).limit(500).map(Schedule.Entry::breakage))
                .contains(Breakage.SERVER_KILLED, Breakage.TEMPORAL_PAUSED, Breakage.ALL_KILLED_AT_ONCE)
                .doesNotContain(
                        Breakage.ENGINE_KILLED,
                        Breakage.CONTAINER_KILLED,
                        Breakage.POD_DELETED,
                        Breakage.MACHINE_KILLED,
                        Breakage.WORKER_KILLED,
                        Breakage.AGENT_KILLED,
                        Breakage.DISK_FULL);
        var everything = EnumSet.allOf(Breakage.class);
        everything.removeAll(
                EnumSet.of(Breakage.SERVER_KILLED, Breakage.SERVER_ENDED_IN_ORDER, Breakage.SERVER_PAUSED));
        assertThat(Stream.generate(apart::next).limit(2000).map(Schedule.Entry::breakage))
                .contains(everything.toArray(Breakage[]::new))
                .doesNotContain(Breakage.SERVER_KILLED);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, 999_999})
    void eachKindComesOnceBeforeAnyComesTwice(long seed) {
        var there = EnumSet.of(Circumstance.APART, Circumstance.AGENT, Circumstance.CLUSTER, Circumstance.DISK);
        var kinds = Stream.of(Breakage.values())
                .filter(breakage -> breakage.isFor(there))
                .toList();
        var slow = kinds.stream().filter(breakage -> !breakage.isQuick()).toList();
        var quick = kinds.stream().filter(Breakage::isQuick).toList();
        var schedule = new Schedule(seed, there);
        var dealt = Stream.generate(schedule::next).limit(500).toList();

        assertThat(firstOf(dealt, false, slow.size())).containsExactlyInAnyOrderElementsOf(slow);
        assertThat(firstOf(dealt, true, quick.size())).containsExactlyInAnyOrderElementsOf(quick);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, 999_999})
    void eachNetworkIsCutInEveryWayBeforeItIsCutInOneTwice(long seed) {
        var schedule = new Schedule(seed, EnumSet.of(Circumstance.APART, Circumstance.AGENT));
        var dealt = Stream.generate(schedule::next).limit(1000).toList();

        for (Breakage cut : Stream.of(Breakage.values())
                .filter(breakage -> breakage.cuts() && breakage != Breakage.SERVER_CUT_FROM_CLUSTER)
                .toList()) {
            assertThat(dealt.stream()
                            .filter(entry -> entry.breakage() == cut)
                            .limit(Cable.Cut.values().length)
                            .map(Schedule.Entry::cut))
                    .as(cut.word())
                    .containsExactlyInAnyOrder(Cable.Cut.values());
        }
    }

    private static List<Breakage> firstOf(List<Schedule.Entry> dealt, boolean quick, int count) {
        return dealt.stream()
                .map(Schedule.Entry::breakage)
                .filter(breakage -> breakage.isQuick() == quick)
                .limit(count)
                .toList();
    }

    private static List<Schedule.Entry> first(long seed) {
        var schedule = new Schedule(seed, EnumSet.of(Circumstance.APART));
        return Stream.generate(schedule::next).limit(50).toList();
    }
}
