package io.remotegpu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void quantilesLieBetweenTheNearestSamplesInWhateverOrderTheyCame() {
        var samples = new Samples("any", List.of(30_000_000L, 10_000_000L, 20_000_000L, 40_000_000L));

        assertThat(samples.p50()).isEqualTo(25);
        assertThat(samples.p95()).isEqualTo(38.5);
    }

    @Test
    void oneSampleIsEveryQuantile() {
        var samples = new Samples("any", List.of(7_000_000L));

        assertThat(samples.p50()).isEqualTo(7);
        assertThat(samples.p95()).isEqualTo(7);
    }

    @Test
    void theRatioIsOfTheMedians() {
        var ours = new Samples("ours", LongStream.of(10, 20, 90).boxed().toList());
        var base = new Samples("base", LongStream.of(10, 10, 10).boxed().toList());

        assertThat(new Comparison(ours, base, 2).ratio()).isEqualTo(2);
    }
}
