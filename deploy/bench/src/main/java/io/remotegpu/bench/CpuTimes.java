package io.remotegpu.bench;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The CPU time of our own server's programs and of the benchmark itself; of the latter alone for a server of others. */
final class CpuTimes {

    private final @Nullable ProcessHandle server;

    CpuTimes(@Nullable ProcessHandle server) {
        this.server = server;
    }

    /** Milliseconds by program; a program that runs in several processes, as PostgreSQL does, counts as one. */
    Map<String, Long> read() {
        var times = new TreeMap<String, Long>();
        times.put("bench", millis(ProcessHandle.current()));
        if (server != null) {
            times.put("remotegpu", millis(server));
            server.descendants()
                    .forEach(process -> name(process).ifPresent(name -> times.merge(name, millis(process), Long::sum)));
        }
        return times;
    }

    static Map<String, Double> perItem(Map<String, Long> before, Map<String, Long> after, int items) {
        var spent = new TreeMap<String, Double>();
        after.forEach((name, millis) -> spent.put(name, (millis - before.getOrDefault(name, 0L)) / (double) items));
        return spent;
    }

    private static Optional<String> name(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.substring(command.lastIndexOf('/') + 1))
                .map(name -> name.startsWith("temporal") ? "temporal" : name)
                .filter(name -> name.equals("temporal") || name.equals("postgres"));
    }

    private static long millis(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
    }
}
