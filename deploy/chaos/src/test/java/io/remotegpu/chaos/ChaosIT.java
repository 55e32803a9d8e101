package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A short trial: always the same seed, so the same things are broken in the same order. Long ones are by command. */
class ChaosIT {

    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();

    @Test
    void nothingLeaksAndNothingIsGivenTwiceWhileEverythingBreaks() throws IOException, InterruptedException {
        var report = Chaos.run(ChaosOptions.parse(List.of(
                "--seed",
                "5",
                "--faults",
                "60",
                "--duration",
                "60s",
                "--users",
                "4",
                "--server-jar",
                needed(
                                MODULE.resolve("../standalone/target/remotegpu.jar"),
                                "mvn package -pl deploy/standalone -am makes it")
                        .toString(),
                "--hook",
                MODULE.resolve("target/classes").toString(),
                "--temporal-cli",
                needed(
                                Path.of(System.getenv().getOrDefault("REMOTEGPU_TEST_TEMPORAL_CLI", "temporal")),
                                "REMOTEGPU_TEST_TEMPORAL_CLI is to name the Temporal CLI")
                        .toString())));

        assertThat(report.findings()).isEmpty();
        assertThat(report.faults()).isNotEmpty();
        assertThat(report.operations()).containsKey("create accepted");
    }

    private static Path needed(Path file, String remedy) {
        if (Files.exists(file)) {
            return file.normalize();
        }
        String missing = file + " is not there: " + remedy;
        return "all".equals(System.getenv("REMOTEGPU_TEST_REQUIRE")) || "true".equals(System.getenv("CI"))
                ? fail(missing)
                : abort(missing);
    }
}
