package io.remotegpu.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What it was measured on.
 *
 * @param loadBefore the load average of the last minute when the benchmark began: of others, mostly
 */
record Machine(int cpus, String model, long memoryGib, String system, String java, double loadBefore) {

    private static final long KIB_PER_GIB = 1L << 20;

    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                field("/proc/cpuinfo", "model name"),
                Math.round(Double.parseDouble(
                                "0" + field("/proc/meminfo", "MemTotal").replaceAll("\\D", ""))
                        / KIB_PER_GIB),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version().toString(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String field(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
