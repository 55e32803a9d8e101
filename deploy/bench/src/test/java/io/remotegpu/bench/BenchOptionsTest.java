package io.remotegpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {

    @Test
    void everythingThatIsHereIsMeasuredByDefaultAsOftenAsIsUsual() {
        var options = BenchOptions.parse(List.of("--server-jar", "any.jar"));

        assertThat(Part.values()).allMatch(options::wants).noneMatch(options::insistsOn);
        assertThat(options.samples(Creation.TERMINAL.samples())).isEqualTo(20);
        assertThat(options.samples(Creation.VM.samples())).isEqualTo(5);
        assertThat(options.creates()).isEqualTo(256);
        assertThat(options.callers()).isEqualTo(64);
    }

    @Test
    void onlyMayBeGivenMoreThanOnce() {
        var options =
                BenchOptions.parse(List.of("--server-jar", "any.jar", "--only", "throughput", "--only", "control"));

        assertThat(options.parts()).containsExactly(Part.CONTROL, Part.THROUGHPUT);
        assertThat(options.wants(Part.POD)).isFalse();
    }

    @Test
    void whatIsNamedMustBeThere() {
        var options = BenchOptions.parse(List.of("--server-jar", "any.jar", "--only", "pod"));

        assertThat(options.insistsOn(Part.POD)).isTrue();
    }

    @Test
    void aNumberOfSamplesIsMeantForEveryPart() {
        var options = BenchOptions.parse(List.of("--server-jar", "any.jar", "--samples", "7"));

        assertThat(options.controlSamples()).isEqualTo(7);
        assertThat(options.samples(Creation.VM.samples())).isEqualTo(7);
    }

    @Test
    void anUnknownPartIsQuotedWithThoseThatThereAre() {
        assertThatThrownBy(() -> BenchOptions.parse(List.of("--server-jar", "any.jar", "--only", "pods")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--only wants one of terminal, control, throughput, pod, vm; it got pods");
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
