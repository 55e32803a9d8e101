package io.remotegpu.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a trial was and found.
 *
 * @param faults how many of each kind
 * @param operations how many of each kind and outcome
 * @param recoveries every operation that was under way when a process was killed, and how it went on, while all else broke
 * @param boundaries the crash at each step, in its order
 * @param secondWorker the crashes of a second worker, and how soon the operation in its hands had come to its end
 * @param rest seconds from the last fault until everything was at rest and nobody found anything
 * @param findings what is wrong, in words; empty is what it should be
 */
record Report(
        ChaosOptions options,
        Map<String, Long> faults,
        Map<String, Long> operations,
        List<Recovery.GoneOn> recoveries,
        List<Boundaries.Crash> boundaries,
        List<SecondWorker.Crash> secondWorker,
        double rest,
        double seconds,
        Collection<String> findings) {

    boolean clean() {
        return findings.isEmpty();
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "seed %d, %s%s%s, %d users, %.0f s%n%n",
                options.seed(),
                modes(),
                options.apart() ? ", processes apart" : "",
                options.fullDisk() ? ", full disks" : "",
                options.users(),
                seconds);
        out.printf("%d faults%n", sum(faults));
        faults.forEach((name, count) -> out.printf("  %6d  %s%n", count, name));
        out.printf("%n%d requests%n", sum(operations));
        operations.forEach((name, count) -> out.printf("  %6d  %s%n", count, name));
        out.println();
        print(out, alone(), "operations under way at a kill met no other fault");
        print(out, amid(), "operations under way at a kill met other faults, too");
        if (!boundaries.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "%d crashes at steps; the operation had ended within %.1f s (median), %.1f s (longest) of the restart%n",
                    boundaries.size(),
                    boundarySeconds().stream().sorted().toList().get(boundaries.size() / 2),
                    longest(boundarySeconds()));
        }
        if (!secondWorker.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "%d crashes of a second worker; the operation in its hands had ended within %.1f s (longest)%n",
                    secondWorker.size(),
                    longest(secondWorkerSeconds()));
        }
        out.printf(Locale.ROOT, "%.0f s after the last fault all was at rest%n%n", rest);
        findings.forEach(finding -> out.println("FOUND  " + finding));
        out.println(clean() ? "nothing leaked, nothing was given twice" : findings.size() + " findings");
    }

    /** Those whose time is what is promised after a kill. */
    private List<Recovery.GoneOn> alone() {
        return recoveries.stream().filter(Recovery.GoneOn::alone).toList();
    }

    private List<Recovery.GoneOn> amid() {
        return recoveries.stream().filter(gone -> !gone.alone()).toList();
    }

    private static void print(PrintStream out, List<Recovery.GoneOn> recoveries, String what) {
        var slowestLast = recoveries.stream()
                .sorted(Comparator.comparingDouble(Recovery.GoneOn::seconds))
                .toList();
        if (!slowestLast.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "%d %s; they went on within %.1f s (median), %.1f s (longest: %s)%n",
                    slowestLast.size(),
                    what,
                    slowestLast.get(slowestLast.size() / 2).seconds(),
                    slowestLast.getLast().seconds(),
                    slowestLast.getLast());
        }
    }

    void write(Path file) {
        var json = new LinkedHashMap<String, Object>();
        json.put("seed", options.seed());
        json.put("mode", modes());
        json.put("users", options.users());
        json.put("apart", options.apart());
        json.put("full_disk", options.fullDisk());
        json.put("seconds", seconds);
        json.put("faults", sum(faults));
        json.put("faults_by_kind", faults);
        json.put("requests_by_kind", operations);
        json.put("recoveries", recoveries);
        json.put("longest_recovery_seconds", longest(seconds(alone())));
        json.put("longest_recovery_amid_other_faults_seconds", longest(seconds(amid())));
        json.put("boundaries", boundaries);
        json.put("longest_boundary_recovery_seconds", longest(boundarySeconds()));
        json.put("second_worker", secondWorker);
        json.put("longest_second_worker_seconds", longest(secondWorkerSeconds()));
        json.put("rest_seconds", rest);
        json.put("findings", findings);
        json.put("clean", clean());
        try {
            var mapper = JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();
            Files.writeString(file, mapper.writeValueAsString(json) + "\n");
        } catch (IOException e) {
            throw new ChaosException("the report cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private List<Double> boundarySeconds() {
        return boundaries.stream().map(Boundaries.Crash::seconds).toList();
    }

    private List<Double> secondWorkerSeconds() {
        return secondWorker.stream().map(SecondWorker.Crash::seconds).toList();
    }

    private static List<Double> seconds(List<Recovery.GoneOn> recoveries) {
        return recoveries.stream().map(Recovery.GoneOn::seconds).toList();
    }

    private String modes() {
        return options.modes().stream().map(Mode::word).collect(Collectors.joining(","));
    }

    private static double longest(List<Double> seconds) {
        return seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
