package io.remotegpu.api.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.remotegpu.db.idle.GpuUse;
import io.remotegpu.db.idle.GpuUses;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Who holds GPUs, and how busy they are: {@code remotegpu_environment_gpus} and {@code remotegpu_environment_gpu_use_ratio}.
 * Asked of the rows at a scrape, in one statement; series of what is gone are gone with it, which gauges that are registered
 * once could not do. While the database is away there is none, and the scrape goes on.
 */
@Component
final class GpuUseMetrics implements MultiCollector {

    /** So that no number of environments floods a monitoring system. */
    private static final int MOST = 1000;

    private static final double PERCENT = 100;

    private final GpuUses uses;

    GpuUseMetrics(GpuUses uses, ObjectProvider<PrometheusRegistry> registry) {
        this.uses = uses;
        registry.ifAvailable(there -> there.register(this));
    }

    @Override
    public MetricSnapshots collect() {
        List<GpuUse> now;
        try {
            now = uses.now(MOST);
        } catch (DataAccessException away) {
            return MetricSnapshots.of();
        }
        var held = GaugeSnapshot.builder().name("remotegpu_environment_gpus").help("GPUs that an environment holds");
        var busy = GaugeSnapshot.builder()
                .name("remotegpu_environment_gpu_use_ratio")
                .help("How busy the busiest GPU of an environment was at the last look, 0 to 1");
        for (var use : now) {
            var labels = Labels.of("environment", use.environmentId().toString(), "user", use.user());
            held.dataPoint(point(labels, use.gpus()));
            var percent = use.percent();
            if (percent != null) {
                busy.dataPoint(point(labels, percent / PERCENT));
            }
        }
        return MetricSnapshots.of(held.build(), busy.build());
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
