package io.remotegpu.db.allocation;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** What must be true of the rows at every moment (DESIGN.md, section 11, items 1 to 3). */
@Component
public class Invariants {

    /** What is not true, in words. */
    private static final String CHECKS = """
            -- 1. Whoever holds GPUs is alive and holds as many as it asked for, as its allocation and the history say.
            SELECT 'GPU ' || g.id || ' on ' || g.host_id || ' is held by environment ' || e.id || ', which is ' || e.status
            FROM gpus g JOIN environments e ON e.id = g.allocated_to
            WHERE e.status IN ('stopped', 'deleted')
            UNION ALL
            SELECT 'environment ' || e.id || ' (' || e.status || ') asked for ' || e.gpu || ' GPUs and holds ' || held.n
            FROM environments e, LATERAL (SELECT count(*) AS n FROM gpus WHERE allocated_to = e.id) held
            WHERE held.n <> CASE WHEN EXISTS (SELECT 1 FROM allocations a
                WHERE a.environment_id = e.id AND a.released_at IS NULL) THEN e.gpu ELSE 0 END
            UNION ALL
            SELECT 'environment ' || e.id || ' is running without an allocation'
            FROM environments e WHERE e.status = 'running' AND NOT EXISTS (SELECT 1 FROM allocations a
                WHERE a.environment_id = e.id AND a.released_at IS NULL)
            UNION ALL
            SELECT 'environment ' || e.id || ' is ' || e.status || ' and holds an allocation on ' || a.host_id
            FROM allocations a JOIN environments e ON e.id = a.environment_id
            WHERE a.released_at IS NULL AND e.status IN ('stopped', 'deleted')
            UNION ALL
            SELECT 'environment ' || e.id || ' is on ' || coalesce(e.host_id, 'no host') || ' and allocated on ' || a.host_id
            FROM allocations a JOIN environments e ON e.id = a.environment_id
            WHERE a.released_at IS NULL AND a.host_id IS DISTINCT FROM e.host_id
            UNION ALL
            SELECT 'GPU ' || g.id || ' is held by ' || g.allocated_to || ', but its history says '
                || coalesce(a.environment_id::text, 'nobody')
            FROM gpus g
            LEFT JOIN gpu_allocations h ON h.gpu_id = g.id AND h.released_at IS NULL
            LEFT JOIN allocations a ON a.id = h.allocation_id
            WHERE g.allocated_to IS DISTINCT FROM a.environment_id
            UNION ALL
            SELECT 'GPU ' || g.id || ' on ' || g.host_id || ' is held by environment ' || a.environment_id
                || ', which is allocated on ' || a.host_id
            FROM gpus g JOIN allocations a ON a.environment_id = g.allocated_to AND a.released_at IS NULL
            WHERE a.host_id <> g.host_id
            UNION ALL
            SELECT 'the history of GPU ' || h.gpu_id || ' ended at another time than its allocation ' || a.id
            FROM gpu_allocations h JOIN allocations a ON a.id = h.allocation_id
            WHERE h.released_at IS DISTINCT FROM a.released_at
            UNION ALL
            -- 2. No lease without a live environment, or away from it.
            SELECT 'port ' || l.port || ' of ' || l.host_id || ' is leased to environment ' || e.id || ', which is '
                || e.status || ' on ' || coalesce(e.host_id, 'no host')
            FROM port_leases l JOIN environments e ON e.id = l.environment_id
            WHERE e.status = 'deleted' OR l.host_id IS DISTINCT FROM e.host_id
            UNION ALL
            SELECT 'environment ' || e.id || ' is running and has ' || count(l.port) || ' ports, not one for each service'
            FROM environments e LEFT JOIN port_leases l ON l.environment_id = e.id
            WHERE e.status = 'running'
            GROUP BY e.id
            HAVING count(l.port) <> CASE e.environment_type WHEN 'terminal' THEN 1 WHEN 'desktop' THEN 3 ELSE 2 END
            UNION ALL
            -- 3. Used is the sum of what is held; what runs is reserved, and what is gone is not.
            SELECT 'host ' || h.id || ' says ' || h.used_cpu || ' cores and ' || h.used_memory || ' bytes are used, but '
                || coalesce(sum(a.cpu), 0) || ' and ' || coalesce(sum(a.memory), 0) || ' are held'
            FROM hosts h LEFT JOIN allocations a ON a.host_id = h.id AND a.released_at IS NULL
            GROUP BY h.id
            HAVING h.used_cpu <> coalesce(sum(a.cpu), 0) OR h.used_memory <> coalesce(sum(a.memory), 0)
            UNION ALL
            SELECT 'host ' || id || ' has ' || total_cpu || ' cores and ' || total_memory || ' bytes, but ' || used_cpu
                || ' and ' || used_memory || ' are held'
            FROM hosts WHERE used_cpu > total_cpu OR used_memory > total_memory
            UNION ALL
            SELECT 'environment ' || e.id || ' is ' || e.status || ' without ' ||
                CASE WHEN r.environment_id IS NULL THEN 'a reservation' ELSE 'reserved compute' END
            FROM environments e LEFT JOIN reservations r ON r.environment_id = e.id
            WHERE (e.status IN ('running', 'stopped') AND r.environment_id IS NULL)
                OR (e.status = 'running' AND NOT r.compute_held)
            UNION ALL
            SELECT 'environment ' || e.id || ' is ' || e.status || ' and reserves ' ||
                CASE WHEN e.status = 'deleted' THEN 'quota' ELSE 'compute' END
            FROM reservations r JOIN environments e ON e.id = r.environment_id
            WHERE e.status = 'deleted' OR (e.status = 'stopped' AND r.compute_held)
            UNION ALL
            SELECT 'environment ' || e.id || ' reserves other amounts than it asked for'
            FROM reservations r JOIN environments e ON e.id = r.environment_id
            WHERE (r.user_id, r.cpu, r.memory, r.gpu, r.storage) IS DISTINCT FROM (e.user_id, e.cpu, e.memory, e.gpu, e.storage)
            """;

    private final JdbcClient jdbc;

    Invariants(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Every violation, in words, as of one moment; none is what it should be. */
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public List<String> violations() {
        return jdbc.sql(CHECKS).query((row, _) -> row.getString(1)).list();
    }
}
