package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalMachineTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "node-1,node-1",
        "Node_1.example.com,node-1-example-com",
        "--x--,x",
        "'',this-machine",
        "ÄÖ,this-machine"
    })
    void idsAreFitForQueuesAndLabels(String name, String id) {
        assertThat(LocalMachine.sanitized(name)).isEqualTo(id);
        assertThat(LocalMachine.sanitized("n".repeat(90) + "-")).hasSize(63);
    }

    @Test
    void aRenamedMachineStaysTheSameHost() throws Exception {
        Path file = folder.resolve("host-id");
        Files.writeString(file, "its-old-name\n");

        HostReport report = LocalMachine.identifiedBy(
                        file, new Addresses("0.0.0.0", "10.0.0.1"), Map.of("DOCKER_HOST", "unix:///nowhere"))
                .report();

        assertThat(report.id()).isEqualTo("its-old-name");
    }

    @Test
    void itReportsWhatThisMachineHas() throws Exception {
        Path file = folder.resolve("host-id");

        HostReport report = LocalMachine.identifiedBy(
                        file, new Addresses("0.0.0.0", "10.0.0.1"), Map.of("DOCKER_HOST", "unix:///nowhere"))
                .report();

        assertThat(report.cpu()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(report.memory()).isGreaterThan(Runtime.getRuntime().maxMemory());
        assertThat(report.address()).isEqualTo("10.0.0.1");
        assertThat(report.bindAddress()).isEqualTo("0.0.0.0");
        assertThat(report.modes()).isEmpty();
        assertThat(Files.readString(file).strip()).isEqualTo(report.id());
    }
}
