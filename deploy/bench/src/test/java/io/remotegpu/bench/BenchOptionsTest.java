package io.remotegpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.bench.BenchOptions.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {

    @Test
    void everythingIsMeasuredByDefault() {
        var options = BenchOptions.parse(List.of("--server-jar", "any.jar"));

        assertThat(options.parts()).containsExactly(Part.values());
        assertThat(options.samples()).isEqualTo(20);
        assertThat(options.creates()).isEqualTo(256);
        assertThat(options.callers()).isEqualTo(64);
    }

    @Test
    void onlyMayBeGivenMoreThanOnce() {
        var options =
                BenchOptions.parse(List.of("--server-jar", "any.jar", "--only", "throughput", "--only", "control"));

        assertThat(options.parts()).containsExactly(Part.CONTROL, Part.THROUGHPUT);
    }

    @Test
    void aServerThatRunsWantsItsAdmin() {
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--url", "http://127.0.0.1:8080")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--user and --password");
    }

    @Test
    void whatIsNotANumberIsQuoted() {
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--server-jar", "any.jar", "--samples", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--samples wants a positive number; it got 0");
    }
}
