package io.remotegpu.db.gpu;

import static org.springframework.data.relational.core.query.Criteria.where;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;
import org.springframework.data.relational.core.query.Criteria;
import org.springframework.data.relational.core.query.Query;
import org.springframework.data.support.PageableExecutionUtils;

final class GpuSearchImpl implements GpuSearch {

    private static final Sort BY_PLACE = Sort.by("hostId", "gpuIndex");

    private final JdbcAggregateOperations aggregates;

    GpuSearchImpl(JdbcAggregateOperations aggregates) {
        this.aggregates = aggregates;
    }

    @Override
    public Page<Gpu> search(GpuFilter filter, int page, int pageSize) {
        var request = PageRequest.of(page, pageSize, BY_PLACE);
        var query = Query.query(criteria(filter));
        return PageableExecutionUtils.getPage(
                aggregates.findAll(query.with(request), Gpu.class), request, () -> aggregates.count(query, Gpu.class));
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
