package io.remotegpu.activities.host;

import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A machine that is not there, served by the in-memory driver. */
public record SimulatedMachine(String id, String name, int gpus) implements ReportSource {

    static final String MODEL = "Simulated H100";
    private static final long GIB = 1L << 30;

    /** One of several, known by their numbers. */
    public SimulatedMachine(int number, int gpus) {
        this("sim-" + number, "Simulated host " + number, gpus);
    }

    @Override
    public HostReport report() {
        String cards = id.toUpperCase(Locale.ROOT);
        List<HostReport.Gpu> devices = IntStream.range(0, gpus)
                .mapToObj(index -> new HostReport.Gpu(index, cards + "-" + index, MODEL, 80 * GIB))
                .toList();
        return new HostReport(
                id,
                name,
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
