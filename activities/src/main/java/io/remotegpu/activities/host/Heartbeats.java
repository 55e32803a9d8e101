package io.remotegpu.activities.host;

import io.remotegpu.db.host.Host;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers machines, and keeps reporting them. A report that fails is tried again with the next one, and a machine that
 * takes long to look at, or cannot be looked at, keeps no other one from being heard of.
 */
public final class Heartbeats implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    /** The facts that a person should hear of, once. */
    private static final List<String> TROUBLES = List.of("gpu_trouble", LibvirtProbe.TROUBLE);

    private final List<ReportSource> machines;
    private final HostReports registry;
    private final Consumer<String> trouble;
    private final Duration period;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("heartbeats-", 0).factory());

    public Heartbeats(List<ReportSource> machines, HostReports registry, Consumer<String> trouble) {
        this(machines, registry, trouble, PERIOD);
    }

    Heartbeats(List<ReportSource> machines, HostReports registry, Consumer<String> trouble, Duration period) {
        this.machines = machines;
        this.registry = registry;
        this.trouble = trouble;
        this.period = period;
    }

    /** Registers the machines, and from then on reports them in the background; returns the first reports. */
    public List<HostReport> start() throws IOException, InterruptedException {
        var reports = new ArrayList<HostReport>();
        for (ReportSource machine : machines) {
            reports.add(look(machine));
        }
        registry.register(reports);
        machines.forEach(machine -> threads.execute(() -> keepReporting(machine)));
        return reports;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void keepReporting(ReportSource machine) {
        while (true) {
            try {
                Thread.sleep(period);
                registry.report(look(machine));
            } catch (InterruptedException e) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.warn("A heartbeat failed; the next one comes in {} s", period.toSeconds(), e);
            }
        }
    }

    private HostReport look(ReportSource machine) throws IOException, InterruptedException {
        HostReport report = machine.report();
        report.facts().forEach((name, fact) -> {
            if ((TROUBLES.contains(name) || name.startsWith(Host.UNGUARDED)) && said.add(fact)) {
                trouble.accept(fact);
            }
        });
        return report;
    }
}
