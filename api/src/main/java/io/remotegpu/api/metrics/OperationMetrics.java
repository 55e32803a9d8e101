package io.remotegpu.api.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.remotegpu.db.environment.OperationOutcome;
import io.remotegpu.db.environment.OperationTotals;
import io.remotegpu.db.environment.OperationTotals.End;
import io.remotegpu.db.environment.OperationTotals.Took;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.List;
import org.springframework.stereotype.Component;

/** Operations by kind and outcome, and how long they took: {@code remotegpu_operation_duration_seconds}. */
@Component
final class OperationMetrics implements RowSeries {

    private static final Took NONE = new Took(new long[OperationTotals.BOUNDS.size() + 1], 0);

    private final OperationTotals totals;

    OperationMetrics(OperationTotals totals) {
        this.totals = totals;
    }

    @Override
    public List<MetricSnapshot> read() {
        var ended = totals.now();
        var histogram = HistogramSnapshot.builder()
                .name("remotegpu_operation_duration_seconds")
                .help("From an operation being asked for to its end, with what it waited for room");
        for (var kind : OperationKind.values()) {
            for (var outcome : OperationOutcome.values()) {
                histogram.dataPoint(point(
                        Labels.of("kind", kind.wireName(), "outcome", outcome.wireName()),
                        ended.getOrDefault(new End(kind, outcome), NONE)));
            }
        }
        return List.of(histogram.build());
    }

    private static HistogramDataPointSnapshot point(Labels labels, Took took) {
        var buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < took.counts().length; i++) {
            var bound = i < OperationTotals.BOUNDS.size() ? OperationTotals.BOUNDS.get(i) : Double.POSITIVE_INFINITY;
            buckets.bucket(bound, took.counts()[i]);
        }
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets.build())
                .sum(took.seconds())
                .build();
    }
}
