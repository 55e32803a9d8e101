package io.remotegpu.db.gpu;

import static org.springframework.data.relational.core.query.Criteria.where;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;
import org.springframework.data.relational.core.query.Criteria;
import org.springframework.data.relational.core.query.Query;

final class GpuSearchImpl implements GpuSearch {

    private static final Sort BY_PLACE = Sort.by("hostId", "gpuIndex");

    private final JdbcAggregateOperations aggregates;

    GpuSearchImpl(JdbcAggregateOperations aggregates) {
        this.aggregates = aggregates;
    }

    @Override
    public Page<Gpu> search(GpuFilter filter, int page, int pageSize) {
        var request = PageRequest.of(page, pageSize, BY_PLACE);
        return aggregates.findAll(Query.query(criteria(filter)), Gpu.class, request);
    }

    private static Criteria criteria(GpuFilter filter) {
        var criteria = Criteria.empty();
        if (filter.status() != null) {
            criteria = criteria.and(where("status").is(filter.status()));
        }
        if (filter.model() != null) {
            criteria = criteria.and(where("model").is(filter.model()).ignoreCase(true));
        }
        if (filter.hostId() != null) {
            criteria = criteria.and(where("hostId").is(filter.hostId()));
        }
        return criteria;
    }
}
