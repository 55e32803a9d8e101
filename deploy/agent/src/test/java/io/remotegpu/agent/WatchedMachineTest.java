package io.remotegpu.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.activities.host.HostReport;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchedMachineTest {

    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private List<String> modes = List.of("docker");
    private Optional<String> trouble = Optional.empty();
    private final WatchedMachine machine = new WatchedMachine(
            this::report,
            () -> trouble,
            "unix:///docker.sock",
            new Console(new PrintStream(words, true, StandardCharsets.UTF_8)));

    @Test
    void eachChangeOfAnEngineIsSaidOnce() throws Exception {
        machine.report();
        machine.report();
        modes = List.of();
        machine.report();
        machine.report();
        modes = List.of("docker");
        machine.report();

        assertThat(words.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("answers: docker 28.1"),
                        line -> assertThat(line).contains("no Docker engine answers at unix:///docker.sock"),
                        line -> assertThat(line).contains("answers: docker 28.1"));
    }

    @Test
    void withoutTemporalItOffersNothingAndSaysWhy() throws Exception {
        trouble = Optional.of("no connection");
        var cutOff = machine.report();
        trouble = Optional.empty();
        var back = machine.report();

        assertThat(cutOff.modes()).isEmpty();
        assertThat(cutOff.facts()).containsEntry("temporal_trouble", "no connection");
        assertThat(back.modes()).containsExactly("docker");
        assertThat(words.toString(StandardCharsets.UTF_8)).contains("no connection", "answers again");
    }

    @Test
    void aQuestionThatItsOwnEndBreaksOffIsNoTroubleOfTemporals() {
        var ending = new WatchedMachine(
                this::report,
                () -> {
                    Thread.currentThread().interrupt();
                    return Optional.of("cancelled");
                },
                "unix:///docker.sock",
                new Console(new PrintStream(words, true, StandardCharsets.UTF_8)));

        assertThatThrownBy(ending::report).isInstanceOf(InterruptedException.class);
        assertThat(words.toString(StandardCharsets.UTF_8)).doesNotContain("Temporal");
    }

    private HostReport report() {
        return new HostReport(
                "host-1",
                "machine",
                "10.0.0.1",
                "0.0.0.0",
                modes,
                Set.of(DeploymentMode.DOCKER),
                8,
                1,
                List.of(),
                Map.of("docker", "28.1"));
    }
}
