package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void theSameSeedBreaksTheSameThingsInTheSameOrder() {
        assertThat(first(7)).isEqualTo(first(7)).isNotEqualTo(first(8));
    }

    @Test
    void everythingThatCanBeBrokenComesSoonerOrLaterAndNothingElse() {
        var whole = new Schedule(1, EnumSet.of(Breakage.Circumstance.TOGETHER));
        var apart = new Schedule(
                1, EnumSet.of(Breakage.Circumstance.APART, Breakage.Circumstance.DOCKER, Breakage.Circumstance.DISK));

        assertThat(Stream.generate(whole::next).limit(500).map(Schedule.Entry::breakage))
                .contains(Breakage.SERVER_KILLED, Breakage.TEMPORAL_PAUSED, Breakage.ALL_KILLED_AT_ONCE)
                .doesNotContain(
                        Breakage.ENGINE_KILLED, Breakage.CONTAINER_KILLED, Breakage.WORKER_KILLED, Breakage.DISK_FULL);
        var everything = EnumSet.allOf(Breakage.class);
        everything.removeAll(
                EnumSet.of(Breakage.SERVER_KILLED, Breakage.SERVER_ENDED_IN_ORDER, Breakage.SERVER_PAUSED));
        assertThat(Stream.generate(apart::next).limit(2000).map(Schedule.Entry::breakage))
                .contains(everything.toArray(Breakage[]::new))
                .doesNotContain(Breakage.SERVER_KILLED);
    }

    private static List<Schedule.Entry> first(long seed) {
        var schedule = new Schedule(seed, EnumSet.of(Breakage.Circumstance.APART));
        return Stream.generate(schedule::next).limit(50).toList();
    }
}
