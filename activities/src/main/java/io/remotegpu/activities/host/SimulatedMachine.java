package io.remotegpu.activities.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A machine that is not there, served by the in-memory driver. */
public record SimulatedMachine(int number, int gpus) implements ReportSource {

    static final String MODEL = "Simulated H100";
    private static final long GIB = 1L << 30;

    @Override
    public HostReport report() {
        String id = "sim-" + number;
        List<HostReport.Gpu> devices = IntStream.range(0, gpus)
                .mapToObj(index -> new HostReport.Gpu(index, "SIM-" + number + "-" + index, MODEL, 80 * GIB))
                .toList();
        return new HostReport(
                id,
                "Simulated host " + number,
                "127.0.0.1",
                "127.0.0.1",
                List.of("simulated"),
                Set.of(DeploymentMode.SIMULATED),
                1024,
                8192 * GIB,
                devices,
                Map.of("simulated", "true"));
    }
}
