package io.remotegpu.bench;

import io.remotegpu.bench.BenchOptions.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code ./remotegpu bench}: measures, prints; a missed target is no failure. */
public final class Bench {

    private static final int USAGE = 2;
    /** So that nothing is compiled, and no connection opened, while it is measured; callers, each with some creates. */
    private static final List<Integer> WARM_UP = List.of(4, 16, 64);

    private static final int WARM_UP_CREATES = 8;

    private final BenchOptions options;
    private final Progress progress = new Progress();

    private Bench(BenchOptions options) {
        this.options = options;
    }

    public static void main(String[] arguments) {
        int status = 0;
        try {
            new Bench(BenchOptions.parse(List.of(arguments))).run();
        } catch (IllegalArgumentException e) {
            System.err.println("remotegpu bench: " + e.getMessage());
            status = USAGE;
        } catch (BenchException | IOException e) {
            System.err.println("remotegpu bench: " + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 1;
        }
        System.exit(status);
    }

    private void run() throws InterruptedException, IOException {
        var machine = Machine.here();
        Figures figures;
        try (var server = server();
                var user = BenchUser.register(Api.at(server.url()), server.admin());
                var engine = RawEngine.connect();
                var workers = EmptyWorkers.start(server.temporal())) {
            // The slow one last: a server that has just started runs its code uncompiled, which a dockerd never does.
            var control = control(user, workers);
            var throughput = throughput(server, user, workers);
            String version = engine.version();
            var terminal = wants(Part.TERMINAL) && version != null
                    ? new TerminalCreation(user.api(), engine).measure(options.samples(), progress)
                    : null;
            var note = wants(Part.TERMINAL) && version == null ? "no Docker engine answers" : null;
            figures = new Figures(machine, version, terminal, note, control, throughput);
        }
        progress.clear();
        new Report(System.out).print(figures);
        if (options.json() != null) {
            JsonReport.write(figures, options.json());
        }
    }

    private Server server() throws InterruptedException {
        var url = options.url();
        if (url != null) {
            return Server.running(
                    url,
                    options.temporal(),
                    Objects.requireNonNull(options.user()),
                    Objects.requireNonNull(options.password()));
        }
        return Server.start(Objects.requireNonNull(options.serverJar()));
    }

    private Figures.@Nullable ControlFigures control(BenchUser user, EmptyWorkers workers) throws InterruptedException {
        if (!wants(Part.CONTROL)) {
            return null;
        }
        var plane = ControlPlane.prepare(user.api(), workers);
        return new Figures.ControlFigures(
                plane.measure(options.samples(), progress), plane.steps(), plane.events(), plane.workflowTasks());
    }

    private List<Throughput.Run> throughput(Server server, BenchUser user, EmptyWorkers workers)
            throws InterruptedException {
        if (!wants(Part.THROUGHPUT)) {
            return List.of();
        }
        var steps = ControlPlane.prepare(user.api(), workers).steps();
        var throughput = new Throughput(user.api(), new CpuTimes(server.process()));
        for (int callers : WARM_UP) {
            progress.at("throughput: warming up with callers:", callers, options.callers());
            int count = WARM_UP_CREATES * Math.min(callers, 16);
            throughput.creates("warm-up", count, Math.min(callers, options.callers()), 0);
            throughput.empty(workers, steps, count, Math.min(callers, options.callers()));
        }
        var runs = new ArrayList<Throughput.Run>();
        progress.at("throughput: creates", 1, 4);
        runs.add(throughput.creates("creates", options.creates(), options.callers(), 0));
        progress.at("throughput: creates with a GPU", 2, 4);
        int gpus = Math.min(options.creates(), Throughput.freeGpus(server.admin()));
        if (gpus > 0) {
            runs.add(throughput.creates("creates with a GPU each", gpus, options.callers(), 1));
        }
        progress.at("throughput: empty workflows", 3, 4);
        runs.add(throughput.empty(workers, steps, options.creates(), options.callers()));
        return runs;
    }

    private boolean wants(Part part) {
        return options.parts().contains(part);
    }
}
