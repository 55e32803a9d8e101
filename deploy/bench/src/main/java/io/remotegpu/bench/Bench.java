package io.remotegpu.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
    private final List<Figures.CreationFigures> creations = new ArrayList<>();
    private final Map<Part, String> leftOut = new EnumMap<>(Part.class);
    private boolean failed;

    private Bench(BenchOptions options) {
        this.options = options;
    }

    public static void main(String[] arguments) {
        int status = 0;
        try {
            var bench = new Bench(BenchOptions.parse(List.of(arguments)));
            bench.run();
            status = bench.failed ? 1 : 0;
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
        requireWhatWasNamed();
        Figures figures;
        try (var server = server();
                var user = BenchUser.register(Api.at(server.url()), server.admin());
                var workers = EmptyWorkers.start(server.temporal())) {
            // The slow ones last: a server that has just started runs its code uncompiled, which a dockerd never does.
            var control = control(user, workers);
            var throughput = throughput(server, user, workers);
            for (Creation creation : Creation.values()) {
                create(creation, server, user);
            }
            figures = new Figures(machine, creations, leftOut, control, throughput);
        }
        progress.clear();
        new Report(System.out).print(figures);
        if (options.json() != null) {
            JsonReport.write(figures, options.json());
        }
    }

    /** Before a server is started in vain. */
    private void requireWhatWasNamed() throws InterruptedException {
        for (Creation creation : Creation.values()) {
            if (options.insistsOn(creation.part())) {
                try (var _ = creation.connect(System.getenv())) {
                    // It is here.
                } catch (MissingException e) {
                    throw named(creation, e);
                }
            }
        }
    }

    private static BenchException named(Creation creation, MissingException missing) {
        return new BenchException("--only " + creation.part().word() + ": " + missing.getMessage(), missing);
    }

    private void create(Creation creation, Server server, BenchUser user) throws InterruptedException {
        Part part = creation.part();
        if (!options.wants(part)) {
            return;
        }
        progress.at("looking for the engine of " + creation.mode(), 0, 1);
        try (var engine = creation.connect(System.getenv())) {
            server.awaitHostOf(creation.mode());
            creations.add(new CreationComparison(user.api(), creation, engine)
                    .measure(options.samples(creation.samples()), progress));
        } catch (MissingException e) {
            if (options.insistsOn(part)) {
                throw named(creation, e);
            }
            leftOut.put(part, e.getMessage());
        } catch (BenchException e) {
            // What was measured before is worth printing all the same.
            leftOut.put(part, "it failed: " + e.getMessage());
            failed = true;
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
        if (!options.wants(Part.CONTROL)) {
            return null;
        }
        var plane = ControlPlane.prepare(user.api(), workers);
        return new Figures.ControlFigures(
                plane.measure(options.controlSamples(), progress),
                plane.steps(),
                plane.events(),
                plane.workflowTasks());
    }

    private List<Throughput.Run> throughput(Server server, BenchUser user, EmptyWorkers workers)
            throws InterruptedException {
        if (!options.wants(Part.THROUGHPUT)) {
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
}
