package io.remotegpu.api.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Hands out all {@link RowSeries}. While the database is away there are none, and the scrape goes on. */
@Component
final class RowCollector implements MultiCollector {

    private final List<RowSeries> all;

    RowCollector(List<RowSeries> all, ObjectProvider<PrometheusRegistry> registry) {
        this.all = List.copyOf(all);
        registry.ifAvailable(there -> there.register(this));
    }

    @Override
    public MetricSnapshots collect() {
        var found = new ArrayList<MetricSnapshot>();
        try {
            all.forEach(series -> found.addAll(series.read()));
        } catch (DataAccessException away) {
            return MetricSnapshots.of();
        }
        return new MetricSnapshots(found);
    }
}
