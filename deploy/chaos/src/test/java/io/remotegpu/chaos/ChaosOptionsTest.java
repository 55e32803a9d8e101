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

        assertThat(options.modes()).containsExactly(Mode.SIMULATED);
        assertThat(options.faults()).isEqualTo(100);
        assertThat(options.duration()).isEqualTo(Duration.ofMinutes(30));
    }

    @ParameterizedTest
    @CsvSource({
        "--faults, many, a number",
        "--users, 0, at least 1",
        "--seed, -1, at least 0",
        "--mode, bare-metal, 'simulated, docker, k8s, vm, several of them, or all'",
        "--mode, '', 'simulated, docker, k8s, vm, several of them, or all'",
        "--mode, vm, --vm-images",
        "--mode, 'simulated,k8s', --kubeconfig",
        "--duration, 5, 20m",
        "--fly, high, does not know --fly"
    })
    void whatItDoesNotUnderstandItSays(String flag, String value, String says) {
        assertThatThrownBy(() -> parse(flag, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }

    @Test
    void modesAreNamedOneByOneOrTogetherOrAllThatThereAre() {
        assertThat(parse("--mode", "k8s", "--mode", "simulated", "--kubeconfig", "k")
                        .modes())
                .isEqualTo(parse("--mode", "simulated,k8s", "--kubeconfig", "k").modes())
                .containsExactly(Mode.SIMULATED, Mode.K8S);
        assertThat(parse("--mode", "all", "--vm-images", "i").modes()).containsExactly(Mode.SIMULATED, Mode.VM);
        assertThat(parse(
                                "--mode",
                                "all",
                                "--vm-images",
                                "i",
                                "--kubeconfig",
                                "k",
                                "--docker-script",
                                "d",
                                "--agent-jar",
                                "a.jar")
                        .modes())
                .containsExactly(Mode.values());
    }

    @Test
    void whatIsNotInTheServersProcessHasAnAgentAndNoBoundaries() {
        assertThat(parse("--apart", "--agent-jar", "a.jar").apart()).isTrue();
        assertThatThrownBy(() -> parse("--apart")).hasMessageContaining("--agent-jar");
        assertThatThrownBy(() -> parse("--mode", "docker", "--docker-script", "d"))
                .hasMessageContaining("--agent-jar");
        assertThatThrownBy(() -> parse("--apart", "--agent-jar", "a.jar", "--boundaries"))
                .hasMessageContaining("--boundaries");
        assertThatThrownBy(
                        () -> parse("--mode", "docker", "--docker-script", "d", "--agent-jar", "a.jar", "--boundaries"))
                .hasMessageContaining("--boundaries");
        assertThatThrownBy(() -> parse("--mode", "vm", "--vm-images", "i", "--second-worker"))
                .hasMessageContaining("--second-worker");
    }

    private static ChaosOptions parse(String... words) {
        return ChaosOptions.parse(
                Stream.concat(NEEDED.stream(), Stream.of(words)).toList());
    }
}
