package io.remotegpu.db.environment;

import static org.springframework.data.relational.core.query.Criteria.where;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;
import org.springframework.data.relational.core.query.Criteria;
import org.springframework.data.relational.core.query.Query;
import org.springframework.data.support.PageableExecutionUtils;

final class EnvironmentSearchImpl implements EnvironmentSearch {

    private static final Sort NEWEST_FIRST = Sort.by(Sort.Order.desc("createdAt"), Sort.Order.asc("id"));

    private final JdbcAggregateOperations aggregates;

    EnvironmentSearchImpl(JdbcAggregateOperations aggregates) {
        this.aggregates = aggregates;
    }

    @Override
    public Page<Environment> search(EnvironmentFilter filter, int page, int pageSize) {
        var request = PageRequest.of(page, pageSize, NEWEST_FIRST);
        var query = Query.query(criteria(filter));
        return PageableExecutionUtils.getPage(
                aggregates.findAll(query.with(request), Environment.class),
                request,
                () -> aggregates.count(query, Environment.class));
    }

    private static Criteria criteria(EnvironmentFilter filter) {
        var criteria = filter.status() == null
                ? where("status").not(EnvironmentStatus.DELETED)
                : where("status").is(filter.status());
        if (filter.userId() != null) {
            criteria = criteria.and("userId").is(filter.userId());
        }
        if (filter.type() != null) {
            criteria = criteria.and("environmentType").is(filter.type());
        }
        if (filter.hostId() != null) {
            criteria = criteria.and("hostId").is(filter.hostId());
        }
        return criteria;
    }
}
