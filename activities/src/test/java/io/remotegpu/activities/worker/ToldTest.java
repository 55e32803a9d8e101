package io.remotegpu.activities.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ToldTest {

    private static final UUID ONE = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();
    private static final long START = 7;

    private final Told told = new Told(Duration.ofNanos(100));

    @Test
    void whoGotAPlaceIsToldAtOnceAndNotWithEveryChange() {
        assertThat(told.due(List.of(ONE), START)).containsExactly(ONE);
        assertThat(told.due(List.of(ONE), START + 1)).isEmpty();
        assertThat(told.due(List.of(ONE, OTHER), START + 99)).containsExactly(OTHER);
    }

    @Test
    void whoDoesNotAnswerIsToldAgainAfterAWhile() {
        told.due(List.of(ONE), START);
        assertThat(told.due(List.of(ONE), START + 100)).containsExactly(ONE);
        assertThat(told.due(List.of(ONE), START + 101)).isEmpty();
    }

    @Test
    void whoTookItUpAndGotAnotherPlaceIsToldAtOnce() {
        told.due(List.of(ONE), START);
        told.due(List.of(), START + 1);
        assertThat(told.due(List.of(ONE), START + 2)).containsExactly(ONE);
    }
}
