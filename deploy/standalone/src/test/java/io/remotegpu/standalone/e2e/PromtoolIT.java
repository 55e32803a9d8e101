package io.remotegpu.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prometheus itself understands the alert rules, and they fire when they should. */
class PromtoolIT {

    @ParameterizedTest
    @CsvSource({"check,rules,rules.yml", "test,rules,rules-test.yml", "check,config,prometheus.yml"})
    void prometheusTakesThem(String what, String kind, String file) throws IOException, InterruptedException {
        // The token's file is on another machine.
        var command = kind.equals("config")
                ? new String[] {Needs.promtool(), what, kind, "--syntax-only", file}
                : new String[] {Needs.promtool(), what, kind, file};
        var promtool = new ProcessBuilder(command)
                .directory(Monitoring.folder().toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(promtool.waitFor()).as(said).isZero();
        assertThat(said).contains("SUCCESS");
    }
}
