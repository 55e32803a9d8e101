package io.remotegpu.api.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.remotegpu.db.idle.GpuUses;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Who holds GPUs, and how busy they are: {@code remotegpu_environment_gpus} and {@code remotegpu_environment_gpu_use_ratio}.
 */
@Component
final class GpuUseMetrics implements RowSeries {

    /** So that no number of environments floods a monitoring system. */
    private static final int MOST = 1000;

    private static final double PERCENT = 100;

    private final GpuUses uses;

    GpuUseMetrics(GpuUses uses) {
        this.uses = uses;
    }

    @Override
    public List<MetricSnapshot> read() {
        var held = GaugeSnapshot.builder().name("remotegpu_environment_gpus").help("GPUs that an environment holds");
        var busy = GaugeSnapshot.builder()
                .name("remotegpu_environment_gpu_use_ratio")
                .help("How busy the busiest GPU of an environment was at the last look, 0 to 1");
        for (var use : uses.now(MOST)) {
            var labels = Labels.of("environment", use.environmentId().toString(), "user", use.user());
            held.dataPoint(RowSeries.gauge(labels, use.gpus()));
            var percent = use.percent();
            if (percent != null) {
                busy.dataPoint(RowSeries.gauge(labels, percent / PERCENT));
            }
        }
        return List.of(held.build(), busy.build());
    }
}
