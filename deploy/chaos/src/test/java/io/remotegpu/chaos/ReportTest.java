package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    private static final Report REPORT = new Report(
            ChaosOptions.parse(List.of("--server-jar", "server.jar", "--hook", "hook", "--seed", "1")),
            Map.of("worker_killed", 2L),
            Map.of(),
            List.of(
                    new Recovery.GoneOn("worker_killed (worker-1)", "stop at release", 2, List.of()),
                    new Recovery.GoneOn("worker_killed (worker-1)", "create at deploy", 9.9, List.of()),
                    new Recovery.GoneOn(
                            "worker_killed (worker-2)", "start at deploy", 23.1, List.of("temporal_killed"))),
            List.of(),
            List.of(),
            3,
            60,
            List.of());

    @TempDir
    Path folder;

    @Test
    void whatMetTheKillAloneIsToldApartFromWhatMetOtherFaults() {
        var out = new ByteArrayOutputStream();
        REPORT.print(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("2 operations under way at a kill met no other fault")
                .contains("9.9 s (longest: create at deploy after worker_killed (worker-1))")
                .contains("1 operations under way at a kill met other faults, too")
                .contains("23.1 s (longest: start at deploy after worker_killed (worker-2) and temporal_killed)");
    }

    @Test
    void theLongestOfEachIsInTheFile() throws Exception {
        var file = folder.resolve("report.json");
        REPORT.write(file);

        var json = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(json.path("longest_recovery_seconds").asDouble()).isEqualTo(9.9);
        assertThat(json.path("longest_recovery_amid_other_faults_seconds").asDouble())
                .isEqualTo(23.1);
        assertThat(json.path("recoveries").path(2).path("amid").path(0).asString())
                .isEqualTo("temporal_killed");
    }
}
