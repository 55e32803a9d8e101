package io.remotegpu.bench;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The figures for people. */
final class Report {

    static final double CREATES_PER_SECOND = 15;

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void print(Figures figures) {
        var machine = figures.machine();
        line(
                "RemoteGPU bench on %d CPUs (%s), %d GiB, %s, Java %s; load before %.1f",
                machine.cpus(),
                machine.model(),
                machine.memoryGib(),
                machine.system(),
                machine.java(),
                machine.loadBefore());
        var control = figures.control();
        if (control != null) {
            line("%n(b) the control plane's time for a create, with the in-memory driver");
            comparison(control.comparison());
            line("    both: %s", StepKind.describe(control.steps()));
            line("    ours: %d history events, %d workflow tasks", control.events(), control.workflowTasks());
        }
        if (!figures.throughput().isEmpty()) {
            line("%n(c) creates a second, each until it runs, many at once, with the in-memory driver");
            line("    %-26s %6s %8s %9s %9s %9s", "", "n", "at once", "a second", "p50", "p95");
            figures.throughput().forEach(this::run);
            line("    target: at least %.0f a second with 64 at once on 2 CPUs", CREATES_PER_SECOND);
            figures.throughput().forEach(this::cpu);
        }
        figures.creations().forEach(this::creation);
        figures.leftOut().forEach((part, why) -> line("%n(%s) %s not measured: %s", part.letter(), part.word(), why));
    }

    private void creation(Figures.CreationFigures figures) {
        var creation = figures.creation();
        line(
                "%n(%s) %s from the request until its SSH banner; %s",
                creation.part().letter(), creation.what(), figures.engine());
        comparison(figures.comparison());
        samples(figures.untilRunning());
    }

    private void comparison(Comparison comparison) {
        line("    %-26s %6s %18s %9s", "", "n", "p50", "p95");
        samples(comparison.ours());
        samples(comparison.base());
        line(
                "    ratio of the p50s: %.2f; target at most %.2f: %s",
                comparison.ratio(),
                comparison.target(),
                comparison.ratio() <= comparison.target() ? "reached" : "missed");
    }

    private void samples(Samples samples) {
        line("    %-26s %6d %15.0f ms %6.0f ms", samples.name(), samples.count(), samples.p50(), samples.p95());
    }

    private void run(Throughput.Run run) {
        line(
                "    %-26s %6d %8d %9.1f %6.0f ms %6.0f ms",
                run.name(),
                run.count(),
                run.callers(),
                run.perSecond(),
                run.latencies().p50(),
                run.latencies().p95());
    }

    private void cpu(Throughput.Run run) {
        line("    CPU each, %s: %s", run.name(), programs(run.cpu()));
    }

    private static String programs(Map<String, Double> cpu) {
        return cpu.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%s %.1f ms", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void line(String format, @Nullable Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
