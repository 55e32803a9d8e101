package io.remotegpu.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.host.HostReport;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeartbeatTest {

    @Test
    void aReportHasTheServersNames() {
        var report = new HostReport(
                "host-1",
                "machine",
                "10.0.0.1",
                "0.0.0.0",
                List.of("docker"),
                Set.of(DeploymentMode.DOCKER),
                8,
                64L << 30,
                List.of(
                        new HostReport.Gpu(0, "GPU-0", "NVIDIA H100", 80L << 30),
                        new HostReport.Gpu(1, "GPU-1", "NVIDIA H100", 80L << 30, "it\nis\u0000lost")),
                Map.of("docker", "28\n.1", "long", "x".repeat(2000)));

        assertThat(Heartbeat.of(report))
                .isEqualTo(Map.of(
                        "cpu",
                        8,
                        "memory",
                        64L << 30,
                        "deployment_modes",
                        List.of("docker"),
                        "gpus",
                        List.of(
                                Map.of("gpu_index", 0, "uuid", "GPU-0", "model", "NVIDIA H100", "memory", 80L << 30),
                                Map.of(
                                        "gpu_index",
                                        1,
                                        "uuid",
                                        "GPU-1",
                                        "model",
                                        "NVIDIA H100",
                                        "memory",
                                        80L << 30,
                                        "error",
                                        "it is lost")),
                        "facts",
                        Map.of("docker", "28 .1", "long", "x".repeat(1000))));
    }

    @Test
    void aLogThatIsTooLongLosesItsBeginning() {
        var lines = Collections.nCopies(1000, "x".repeat(500));

        assertThat(Heartbeat.newest(lines, 200_000)).hasSize(397);
        assertThat(Heartbeat.newest(List.of("old", "new"), 8)).containsExactly("new");
        assertThat(Heartbeat.newest(List.of("x".repeat(300_000)), 200_000)).isEmpty();
    }

    @Test
    void whatJsonTakesAndTheServerDoesNotIsReplaced() {
        assertThat(Heartbeat.newest(List.of("a\u0000b\ud800c\ud83d\ude80"), 100))
                .containsExactly("a\ufffdb\ufffdc\ud83d\ude80");
    }
}
