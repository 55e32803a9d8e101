package io.remotegpu.api.metrics;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/**
 * Series that are asked of the rows at a scrape: what they are of comes and goes, which gauges that are registered once could not
 * follow.
 */
interface RowSeries {

    /** {@link org.springframework.dao.DataAccessException} when the database is away. */
    List<MetricSnapshot> read();

    static GaugeDataPointSnapshot gauge(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
