package io.remotegpu.api.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.remotegpu.db.allocation.QueueLoads;
import io.remotegpu.db.host.HostCounts;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.invariants.Severity;
import io.remotegpu.db.reconcile.Findings;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The queue for room, hosts, and what the reconciler found: {@code remotegpu.queue.length}, {@code .queue.oldest.age},
 * {@code .hosts}, {@code .hosts.unguarded} and {@code .reconciler.open}. Asked of the rows at each scrape, so that every process says the same; while the database is away
 * there is no value.
 */
@Component
final class SystemMetrics implements MeterBinder {

    private final QueueLoads queue;
    private final HostCounts counts;
    private final Findings findings;

    SystemMetrics(QueueLoads queue, HostCounts counts, Findings findings) {
        this.queue = queue;
        this.counts = counts;
        this.findings = findings;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("remotegpu.queue.length", queue, rows -> rows.now().waiting())
                .description("Environments that wait for room")
                .register(registry);
        TimeGauge.builder(
                        "remotegpu.queue.oldest.age",
                        queue,
                        TimeUnit.MILLISECONDS,
                        rows -> rows.now().oldest().toMillis())
                .description("For how long the one that waits longest for room does")
                .register(registry);
        for (var status : HostStatus.values()) {
            Gauge.builder("remotegpu.hosts", counts, rows -> rows.hosts().getOrDefault(status, 0))
                    .description("Hosts, by what is expected of them")
                    .tag("status", status.wireName())
                    .register(registry);
        }
        Gauge.builder("remotegpu.hosts.unguarded", counts, HostCounts::unguardedHosts)
                .description("Hosts where something is open that they are to guard")
                .register(registry);
        for (var severity : Severity.values()) {
            Gauge.builder(
                            "remotegpu.reconciler.open",
                            findings,
                            rows -> rows.open().getOrDefault(severity.wireName(), 0))
                    .description("Findings that are open")
                    .tag("severity", severity.wireName())
                    .register(registry);
        }
    }
}
