package io.remotegpu.db.alert;

/** When a rule's condition is true, as SQL: of what, how bad, whose, where, in words, and what to do. */
final class AlertConditions {

    /** What hosts say of themselves is text that anybody may have written: it is looked at before it is taken for a number. */
    private static final String HOSTS_THAT_TALK = "h.status IN ('active', 'draining')";

    private static final String HOST_SILENT = """
            SELECT 'host/' || h.id, 'critical', NULL::bigint, NULL::uuid, h.id,
                'host ' || h.id || ' is silent: ' || coalesce(h.status_reason, 'it is quarantined') || coalesce('; last heard of at '
                    || to_char(h.last_heartbeat AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC', '; never heard of'),
                'See that the machine and its agent run, and reach this server. What runs there stays accounted for. If it will not'
                    || ' come back, declare it lost: POST /api/v1/hosts/' || h.id || '/lost.'
            FROM hosts h WHERE h.status = 'quarantined' AND h.status_since <= clock_timestamp() - :hostSilent * interval '1 millisecond'""";

    private static final String GPU_ERROR = """
            SELECT 'gpu/' || g.id, 'warning', NULL::bigint, g.allocated_to, g.host_id,
                'GPU ' || g.gpu_index || ' (' || g.model || ') of host ' || g.host_id || ' is in error: '
                    || coalesce(g.status_reason, 'no reason was given'),
                'It is given to nobody. Once it is well, an administrator says so: PUT /api/v1/gpus/' || g.id
                    || '/status {"status": "available"}.'
            FROM gpus g JOIN hosts h ON h.id = g.host_id WHERE g.status = 'error' AND h.status <> 'lost'""";

    private static final String GPU_HOT = """
            SELECT 'host/' || h.id || '/gpu/' || hot.index, 'warning', NULL::bigint, g.allocated_to, h.id,
                'GPU ' || hot.index || ' of host ' || h.id || ' has ' || hot.celsius || ' °C',
                'Look after the cooling of the machine, or drain it: POST /api/v1/hosts/' || h.id || '/drain.'
            FROM hosts h CROSS JOIN LATERAL (
                    SELECT substring(fact.key from '^gpu[.]([0-9]{1,4})[.]celsius$') AS index,
                        CASE WHEN fact.value ~ '^[0-9]{1,3}$' THEN fact.value::integer END AS celsius
                    FROM jsonb_each_text(h.facts) AS fact) AS hot
                LEFT JOIN gpus g ON g.host_id = h.id AND g.gpu_index::text = hot.index
            WHERE hot.index IS NOT NULL AND hot.celsius >= :gpuTemperature AND\s""" + HOSTS_THAT_TALK;

    private static final String DISK_FULL = """
            SELECT 'host/' || h.id || '/disk', CASE WHEN disk.used >= 98 THEN 'critical' ELSE 'warning' END, NULL::bigint,
                NULL::uuid, h.id,
                'a disk of host ' || h.id || ' is nearly full: ' || coalesce(h.facts ->> 'disk', disk.used || ' % used'),
                'Make room there: unused images, logs, data of what nobody misses. Environments that need room fail otherwise.'
            FROM hosts h CROSS JOIN LATERAL (SELECT CASE WHEN h.facts ->> 'disk.used_percent' ~ '^[0-9]{1,3}$'
                THEN (h.facts ->> 'disk.used_percent')::integer END AS used) AS disk
            WHERE disk.used >= :diskPercent AND\s""" + HOSTS_THAT_TALK;

    /** Whoever aborts an operation knows. */
    private static final String ENVIRONMENT_FAILED = """
            SELECT 'environment/' || e.id, 'warning', e.user_id, e.id, e.host_id,
                'environment ' || e.name || ' of ' || u.username || ' has failed: ' || e.failure_reason,
                'See its events and its log; start it again, or delete it.'
            FROM environments e JOIN users u ON u.id = e.user_id
            WHERE e.status = 'failed' AND e.failure_code IS DISTINCT FROM 'aborted'""";

    private static final String QUEUE_OLD = """
            SELECT 'queue', 'warning', NULL::bigint, NULL::uuid, NULL::text,
                count(*) || ' environments wait for room, the oldest since '
                    || to_char(min(w.since) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC',
                'See GET /api/v1/environments?status=queued for what each waits for; add hosts or GPUs, or have something stopped.'
            FROM capacity_waits w WHERE NOT EXISTS (SELECT 1 FROM allocations a
                WHERE a.environment_id = w.environment_id AND a.released_at IS NULL)
            HAVING min(w.since) <= clock_timestamp() - :queueAge * interval '1 millisecond'""";

    /** Also what was found and healed since the last look: nothing that leaked goes unsaid. */
    private static final String FINDING = """
            SELECT DISTINCT ON (f.check_name, f.subject) 'finding/' || f.check_name || '/' || f.subject, f.severity, e.user_id,
                f.environment_id, f.host_id, f.found, f.remedy
            FROM reconciler_findings f LEFT JOIN environments e ON e.id = f.environment_id
            WHERE f.severity IN ('warning', 'critical')
                AND (f.closed_at IS NULL OR f.closed_at > (SELECT looked_at FROM alert_looks))
            ORDER BY f.check_name, f.subject, f.id DESC""";

    private static final String QUOTA_NEARLY_USED = """
            SELECT 'user/' || u.id, 'info', u.id, NULL::uuid, NULL::text,
                u.username || ' holds nearly all of the quota: ' || near.what,
                'Stop or delete what is not needed, or have an administrator raise the quota: POST /api/v1/quotas.'
            FROM (SELECT user_id, coalesce(sum(cpu) FILTER (WHERE compute_held), 0) AS cpu,
                        coalesce(sum(memory) FILTER (WHERE compute_held), 0) AS memory,
                        coalesce(sum(gpu) FILTER (WHERE compute_held), 0) AS gpu, sum(storage) AS storage, count(*) AS environments
                    FROM reservations GROUP BY user_id) AS used
                JOIN users u ON u.id = used.user_id LEFT JOIN resource_quotas q ON q.user_id = u.id
                CROSS JOIN LATERAL (
                    SELECT string_agg(name || ' ' || CASE WHEN bytes THEN pg_size_pretty(held) || ' of ' || pg_size_pretty(most)
                        ELSE held || ' of ' || most END, ', ') AS what
                    FROM (VALUES ('gpu', false, used.gpu::numeric, coalesce(q.gpu, :defaultGpu)::numeric),
                            ('cpu', false, used.cpu::numeric, coalesce(q.cpu, :defaultCpu)::numeric),
                            ('memory', true, used.memory::numeric, coalesce(q.memory, :defaultMemory)::numeric),
                            ('storage', true, used.storage::numeric, coalesce(q.storage, :defaultStorage)::numeric),
                            ('environments', false, used.environments::numeric,
                                coalesce(q.environment_quota, :defaultEnvironments)::numeric)) AS amount (name, bytes, held, most)
                    WHERE most > 0 AND held * 100 >= most * :quotaPercent) AS near
            WHERE near.what IS NOT NULL""";

    /** What was announced to its users: an announcement of another run, or another rest, is over. */
    private static final String ENVIRONMENT_ENDING = """
            SELECT 'environment/' || e.id, 'warning', e.user_id, e.id, e.host_id,
                'environment ' || e.name || ' of ' || u.username || ' will be ' || ending.what || ' at '
                    || to_char(ending.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC: ' || ending.why, ending.remedy
            FROM environments e JOIN users u ON u.id = e.user_id CROSS JOIN LATERAL (
                SELECT 'stopped' AS what, s.stops_at AS at, 'nobody uses it' AS why,
                    'Use it, or extend it: POST /api/v1/environments/' || e.id || '/extend.' AS remedy
                FROM idle_states s WHERE s.environment_id = e.id AND s.warned_at >= e.started_at AND e.status = 'running'
                UNION ALL
                SELECT 'stopped', a.ends_at, 'it has run for nearly as long as it may',
                    'Save what is not on its disk, or extend it: POST /api/v1/environments/' || e.id || '/extend.'
                FROM announced_ends a WHERE a.environment_id = e.id AND a.kind = 'stop' AND a.began_at = e.started_at
                    AND e.status = 'running'
                UNION ALL
                SELECT 'deleted with its data', a.ends_at, 'it is stopped for long',
                    'Start it to keep it: POST /api/v1/environments/' || e.id || '/start.'
                FROM announced_ends a WHERE a.environment_id = e.id AND a.kind = 'delete' AND a.began_at = e.stopped_at
                    AND e.status = 'stopped'
                ORDER BY 2 LIMIT 1) AS ending
            WHERE NOT e.protected AND (e.extended_until IS NULL OR e.status = 'stopped' OR e.extended_until <= ending.at)""";

    static String of(AlertRule rule) {
        return switch (rule) {
            case HOST_SILENT -> HOST_SILENT;
            case GPU_ERROR -> GPU_ERROR;
            case GPU_HOT -> GPU_HOT;
            case DISK_FULL -> DISK_FULL;
            case ENVIRONMENT_FAILED -> ENVIRONMENT_FAILED;
            case QUEUE_OLD -> QUEUE_OLD;
            case FINDING -> FINDING;
            case QUOTA_NEARLY_USED -> QUOTA_NEARLY_USED;
            case ENVIRONMENT_ENDING -> ENVIRONMENT_ENDING;
        };
    }

    private AlertConditions() {}
}
