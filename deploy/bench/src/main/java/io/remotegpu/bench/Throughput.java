package io.remotegpu.bench;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/** (c) How many creates a second, each until its environment runs, when many callers create at the same time. */
final class Throughput {

    private final Environments environments;
    private final CpuTimes processes;

    Throughput(Api api, CpuTimes processes) {
        this.environments = new Environments(api);
        this.processes = processes;
    }

    /**
     * One run.
     *
     * @param latencies of the single creates
     * @param cpu milliseconds of CPU per create, by program
     */
    record Run(String name, int count, int callers, double perSecond, Samples latencies, Map<String, Double> cpu) {}

    /** The GPUs that simulated environments can have now. */
    static int freeGpus(Api admin) throws InterruptedException {
        return (int) admin.expect("GET", "/gpus?status=available&page_size=1", null)
                .path("total")
                .asLong();
    }

    Run creates(String name, int count, int callers, int gpus) throws InterruptedException {
        var made = new ConcurrentLinkedQueue<UUID>();
        try {
            return run(name, count, callers, () -> {
                var environment = environments.create("simulated", gpus, "Prefer", "wait=60");
                made.add(Environments.id(environment));
                environments.awaitRunning(environment);
            });
        } finally {
            environments.deleteAll(made);
        }
    }

    Run empty(EmptyWorkers workers, List<StepKind> steps, int count, int callers) throws InterruptedException {
        return run("empty workflows", count, callers, () -> workers.run(steps));
    }

    private interface Creation {
        void run() throws InterruptedException;
    }

    private Run run(String name, int count, int callers, Creation creation) throws InterruptedException {
        var latencies = new ConcurrentLinkedQueue<Long>();
        var before = processes.read();
        long began = System.nanoTime();
        AtOnce.run(callers, IntStream.range(0, count).boxed().toList(), _ -> {
            long start = System.nanoTime();
            creation.run();
            latencies.add(System.nanoTime() - start);
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Run(
                name,
                count,
                callers,
                count / seconds,
                new Samples(name, List.copyOf(latencies)),
                CpuTimes.perItem(before, processes.read(), count));
    }
}
