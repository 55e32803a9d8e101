package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void theSameSeedBreaksTheSameThingsInTheSameOrder() {
        assertThat(first(7)).isEqualTo(first(7)).isNotEqualTo(first(8));
    }

    @Test
    void everythingThatCanBeBrokenComesSoonerOrLater() {
        var simulated = new Schedule(1, ChaosOptions.Mode.SIMULATED);
        var docker = new Schedule(1, ChaosOptions.Mode.DOCKER);

        assertThat(Stream.generate(simulated::next).limit(500).map(Schedule.Entry::breakage))
                .contains(Breakage.SERVER_KILLED, Breakage.TEMPORAL_PAUSED, Breakage.ALL_KILLED_AT_ONCE)
                .doesNotContain(Breakage.ENGINE_KILLED, Breakage.CONTAINER_KILLED);
        assertThat(Stream.generate(docker::next).limit(500).map(Schedule.Entry::breakage))
                .contains(Breakage.values());
    }

    private static List<Schedule.Entry> first(long seed) {
        var schedule = new Schedule(seed, ChaosOptions.Mode.SIMULATED);
        return Stream.generate(schedule::next).limit(50).toList();
    }
}
