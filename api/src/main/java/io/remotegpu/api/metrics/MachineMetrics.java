package io.remotegpu.api.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.remotegpu.db.host.HostCounts;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * GPUs by model and status, {@code remotegpu_gpus}, and how long ago each host was heard of,
 * {@code remotegpu_host_heartbeat_age_seconds}.
 */
@Component
final class MachineMetrics implements RowSeries {

    private static final double MILLIS = Duration.ofSeconds(1).toMillis();

    private final HostCounts counts;

    MachineMetrics(HostCounts counts) {
        this.counts = counts;
    }

    @Override
    public List<MetricSnapshot> read() {
        var gpus = GaugeSnapshot.builder().name("remotegpu_gpus").help("GPUs, by whether they can be given away");
        for (var some : counts.gpus()) {
            gpus.dataPoint(RowSeries.gauge(
                    Labels.of("model", some.model(), "status", some.status().wireName()), some.count()));
        }
        var ages = GaugeSnapshot.builder()
                .name("remotegpu_host_heartbeat_age_seconds")
                .help("For how long nothing was heard of a host that is to be heard of");
        counts.silences()
                .forEach((host, silence) ->
                        ages.dataPoint(RowSeries.gauge(Labels.of("host", host), silence.toMillis() / MILLIS)));
        return List.of(gpus.build(), ages.build());
    }
}
