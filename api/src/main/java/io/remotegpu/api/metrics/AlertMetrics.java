package io.remotegpu.api.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.remotegpu.db.alert.AlertRule;
import io.remotegpu.db.alert.Alerts;
import io.remotegpu.db.alert.Alerts.Firing;
import io.remotegpu.db.invariants.Severity;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Alerts that fire, {@code remotegpu.alerts.firing} by rule and severity. Asked of the rows at a scrape, once for all of them; while
 * the database is away there is no value.
 */
@Component
final class AlertMetrics implements MeterBinder {

    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    private record Seen(Map<Firing, Integer> firing, long at) {}

    private final Alerts alerts;
    private volatile @Nullable Seen seen;

    AlertMetrics(Alerts alerts) {
        this.alerts = alerts;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (var rule : AlertRule.values()) {
            for (var severity : Severity.values()) {
                var of = new Firing(rule, severity);
                Gauge.builder(
                                "remotegpu.alerts.firing",
                                this,
                                metrics -> metrics.now().getOrDefault(of, 0))
                        .description("Alerts that fire")
                        .tag("rule", rule.wireName())
                        .tag("severity", severity.wireName())
                        .register(registry);
            }
        }
    }

    private Map<Firing, Integer> now() {
        var last = seen;
        if (last == null || System.nanoTime() - last.at() > FRESH) {
            last = new Seen(alerts.firing(), System.nanoTime());
            seen = last;
        }
        return last.firing();
    }
}
