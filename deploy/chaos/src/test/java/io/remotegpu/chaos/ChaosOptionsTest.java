package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChaosOptionsTest {

    private static final List<String> NEEDED = List.of("--server-jar", "s.jar", "--hook", "h");

    @Test
    void withoutAnythingItIsAShortTrialOfTheInMemoryDriver() {
        var options = parse();

        assertThat(options.mode()).isEqualTo(ChaosOptions.Mode.SIMULATED);
        assertThat(options.faults()).isEqualTo(100);
        assertThat(options.duration()).isEqualTo(Duration.ofMinutes(30));
    }

    @ParameterizedTest
    @CsvSource({
        "--faults, many, a number",
        "--users, 0, at least 1",
        "--seed, -1, at least 0",
        "--mode, vm, simulated or docker",
        "--duration, 5, 20m",
        "--fly, high, does not know --fly"
    })
    void whatItDoesNotUnderstandItSays(String flag, String value, String says) {
        assertThatThrownBy(() -> parse(flag, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @Test
    void whatIsApartHasAnAgentAndNoBoundaries() {
        assertThat(parse("--apart", "--agent-jar", "a.jar").apart()).isTrue();
        assertThatThrownBy(() -> parse("--apart")).hasMessageContaining("--agent-jar");
        assertThatThrownBy(() -> parse("--apart", "--agent-jar", "a.jar", "--boundaries"))
                .hasMessageContaining("--boundaries");
    }

    private static ChaosOptions parse(String... words) {
        return ChaosOptions.parse(
                Stream.concat(NEEDED.stream(), Stream.of(words)).toList());
    }
}
