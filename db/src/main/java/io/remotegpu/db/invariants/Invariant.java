package io.remotegpu.db.invariants;

import java.util.Locale;

/**
 * What must be true of the rows at every moment (DESIGN.md, section 11, items 1 to 3, and of 5 what rows can say).
 *
 * <p>Not among them: that a user's use is within the quota. Admission sees to that; a quota may be lowered beneath what is
 * held, and what is held stays held.
 */
public enum Invariant {
    GPUS_OF_NOBODY_AT_REST(
            Severity.CRITICAL,
            "Nothing that is stopped or deleted holds a GPU.",
            "The reconciler stops what is left of the environment and gives the GPU back; if its host is away, that waits"
                    + " until it is seen again or declared lost.",
            """
            SELECT 'gpu/' || g.id, e.id, g.host_id,
                'GPU ' || g.id || ' on ' || g.host_id || ' is held by environment ' || e.id || ', which is ' || e.status
            FROM gpus g JOIN environments e ON e.id = g.allocated_to WHERE e.status IN ('stopped', 'deleted')"""),
    GPUS_AS_ASKED(
            Severity.CRITICAL,
            "Whoever has a place on a host holds exactly as many GPUs as it asked for, everybody else none.",
            "Stop the environment and start it again: it takes a whole place anew.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' (' || e.status || ') asked for ' || e.gpu || ' GPUs and holds ' || held.n
            FROM environments e, LATERAL (SELECT count(*) AS n FROM gpus WHERE allocated_to = e.id) held
            WHERE held.n <> CASE WHEN EXISTS (SELECT 1 FROM allocations a
                WHERE a.environment_id = e.id AND a.released_at IS NULL) THEN e.gpu ELSE 0 END"""),
    RUNNING_HAS_A_PLACE(
            Severity.CRITICAL,
            "Whatever runs has an allocation.",
            "Stop the environment and start it again: what it uses may be given to another until then.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id, 'environment ' || e.id || ' is running without an allocation'
            FROM environments e WHERE e.status = 'running' AND NOT EXISTS (SELECT 1 FROM allocations a
                WHERE a.environment_id = e.id AND a.released_at IS NULL)"""),
    NOBODY_AT_REST_HAS_A_PLACE(
            Severity.CRITICAL,
            "Nothing that is stopped or deleted has an allocation.",
            "The reconciler stops what is left of the environment and gives CPU and memory back.",
            """
            SELECT 'environment/' || e.id, e.id, a.host_id,
                'environment ' || e.id || ' is ' || e.status || ' and holds an allocation on ' || a.host_id
            FROM allocations a JOIN environments e ON e.id = a.environment_id
            WHERE a.released_at IS NULL AND e.status IN ('stopped', 'deleted')"""),
    FAILED_HOLDS_NOTHING(
            Severity.CRITICAL,
            "What failed and was undone to the end holds no place, no GPU and no compute of its quota.",
            "The reconciler stops what is left of the environment and gives the rest back.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' is failed with nothing left to undo, and still holds ' || held.what
            FROM environments e, LATERAL (
                SELECT 'GPU ' || g.id AS what FROM gpus g WHERE g.allocated_to = e.id
                UNION ALL SELECT 'a place on ' || a.host_id FROM allocations a WHERE a.environment_id = e.id AND a.released_at IS NULL
                UNION ALL SELECT 'compute of its quota' FROM reservations r WHERE r.environment_id = e.id AND r.compute_held
                LIMIT 1) held
            WHERE e.status = 'failed' AND e.unreturned = '{}'
                AND NOT EXISTS (SELECT 1 FROM operations o WHERE o.environment_id = e.id AND o.ended_at IS NULL)"""),
    ALLOCATED_WHERE_IT_IS(
            Severity.CRITICAL,
            "An environment's allocation is on the environment's own host.",
            "Stop the environment and start it again.",
            """
            SELECT 'environment/' || e.id, e.id, a.host_id,
                'environment ' || e.id || ' is on ' || coalesce(e.host_id, 'no host') || ' and allocated on ' || a.host_id
            FROM allocations a JOIN environments e ON e.id = a.environment_id
            WHERE a.released_at IS NULL AND a.host_id IS DISTINCT FROM e.host_id"""),
    GPU_HISTORY_AGREES(
            Severity.CRITICAL,
            "A GPU's holder is the one of whom its history says so.",
            "Stop the environment that holds it, then see that the GPU has no holder left.",
            """
            SELECT 'gpu/' || g.id, g.allocated_to, g.host_id,
                'GPU ' || g.id || ' is held by ' || coalesce(g.allocated_to::text, 'nobody') || ', but its history says '
                    || coalesce(a.environment_id::text, 'nobody')
            FROM gpus g
            LEFT JOIN gpu_allocations h ON h.gpu_id = g.id AND h.released_at IS NULL
            LEFT JOIN allocations a ON a.id = h.allocation_id
            WHERE g.allocated_to IS DISTINCT FROM a.environment_id"""),
    GPUS_ON_THE_SAME_HOST(
            Severity.CRITICAL,
            "An environment's GPUs are on the host where it is allocated.",
            "Stop the environment and start it again.",
            """
            SELECT 'gpu/' || g.id, a.environment_id, g.host_id,
                'GPU ' || g.id || ' on ' || g.host_id || ' is held by environment ' || a.environment_id
                    || ', which is allocated on ' || a.host_id
            FROM gpus g JOIN allocations a ON a.environment_id = g.allocated_to AND a.released_at IS NULL
            WHERE a.host_id <> g.host_id"""),
    GPUS_END_WITH_THEIR_PLACE(
            Severity.WARNING,
            "An environment's GPUs are given back at the moment its allocation is.",
            "Usage reports of the allocation are wrong by the difference; nothing is held because of it.",
            """
            SELECT 'gpu/' || h.gpu_id || '/' || a.id, a.environment_id, a.host_id,
                'the history of GPU ' || h.gpu_id || ' ended at another time than its allocation ' || a.id
            FROM gpu_allocations h JOIN allocations a ON a.id = h.allocation_id
            WHERE h.released_at IS DISTINCT FROM a.released_at"""),
    LEASES_OF_THE_LIVING(
            Severity.CRITICAL,
            "Every leased port belongs to an environment that lives, on its own host.",
            "The reconciler gives the ports of deleted environments back. Of another one: stop it and start it again.",
            """
            SELECT 'port/' || l.host_id || '/' || l.port, e.id, l.host_id,
                'port ' || l.port || ' of ' || l.host_id || ' is leased to environment ' || e.id || ', which is '
                    || e.status || ' on ' || coalesce(e.host_id, 'no host')
            FROM port_leases l JOIN environments e ON e.id = l.environment_id
            WHERE e.status = 'deleted' OR l.host_id IS DISTINCT FROM e.host_id"""),
    LEASED_IN_ITS_CLUSTER(
            Severity.CRITICAL,
            "A port of a cluster's node is leased for the whole cluster.",
            "Delete the environment, or stop and start it on a host of its own: its port may be given to another one of the cluster.",
            """
            SELECT 'port/' || l.host_id || '/' || l.port, l.environment_id, l.host_id,
                'port ' || l.port || ' is leased in ' || coalesce('cluster ' || l.cluster, 'no cluster') || ', but host '
                    || h.id || ' is in ' || coalesce(h.cluster, 'none')
            FROM port_leases l JOIN hosts h ON h.id = l.host_id WHERE l.cluster IS DISTINCT FROM h.cluster"""),
    A_PORT_FOR_EACH_SERVICE(
            Severity.WARNING,
            "Whatever runs has a port for each of its services.",
            "Stop the environment and start it again: it leases what is missing.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' is running and has ' || count(l.port) || ' ports, not one for each service'
            FROM environments e LEFT JOIN port_leases l ON l.environment_id = e.id
            WHERE e.status = 'running'
            GROUP BY e.id
            HAVING count(l.port) <> CASE e.environment_type WHEN 'terminal' THEN 1 WHEN 'desktop' THEN 3 ELSE 2 END"""),
    USED_IS_THE_SUM(
            Severity.CRITICAL,
            "What a host says is used is the sum of what is held there.",
            "Compare allocations with hosts.used_cpu and used_memory: something wrote them behind the trigger's back.",
            """
            SELECT 'host/' || h.id, CAST(NULL AS uuid), h.id,
                'host ' || h.id || ' says ' || h.used_cpu || ' cores and ' || h.used_memory || ' bytes are used, but '
                    || coalesce(sum(a.cpu), 0) || ' and ' || coalesce(sum(a.memory), 0) || ' are held'
            FROM hosts h LEFT JOIN allocations a ON a.host_id = h.id AND a.released_at IS NULL
            GROUP BY h.id
            HAVING h.used_cpu <> coalesce(sum(a.cpu), 0) OR h.used_memory <> coalesce(sum(a.memory), 0)"""),
    HELD_FITS_THE_HOST(
            Severity.WARNING,
            "No more is held of a host than it has.",
            "The host shrank beneath what runs on it: stop some of its environments, or give it back what it had.",
            """
            SELECT 'host/' || id, CAST(NULL AS uuid), id,
                'host ' || id || ' has ' || total_cpu || ' cores and ' || total_memory || ' bytes, but ' || used_cpu
                    || ' and ' || used_memory || ' are held'
            FROM hosts WHERE used_cpu > total_cpu OR used_memory > total_memory"""),
    WHAT_LIVES_IS_RESERVED(
            Severity.CRITICAL,
            "Whatever runs or is stopped counts in its user's quota.",
            "Stop a running one and start it again; delete a stopped one once its files are saved.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' is ' || e.status || ' without ' ||
                    CASE WHEN r.environment_id IS NULL THEN 'a reservation' ELSE 'reserved compute' END
            FROM environments e LEFT JOIN reservations r ON r.environment_id = e.id
            WHERE (e.status IN ('running', 'stopped') AND r.environment_id IS NULL)
                OR (e.status = 'running' AND NOT r.compute_held)"""),
    RESERVATIONS_OF_THE_LIVING(
            Severity.CRITICAL,
            "Nothing that is deleted counts in a quota, and nothing stopped counts with CPU, memory and GPUs.",
            "The reconciler stops what is left of the environment and gives the quota back.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' is ' || e.status || ' and reserves ' ||
                    CASE WHEN e.status = 'deleted' THEN 'quota' ELSE 'compute' END
            FROM reservations r JOIN environments e ON e.id = r.environment_id
            WHERE e.status = 'deleted' OR (e.status = 'stopped' AND r.compute_held)"""),
    RESERVED_AS_ASKED(
            Severity.CRITICAL,
            "An environment reserves what it asked for, of its own user's quota.",
            "Something wrote the reservation or the environment by hand: put back what it was.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' reserves other amounts than it asked for'
            FROM reservations r JOIN environments e ON e.id = r.environment_id
            WHERE (r.user_id, r.cpu, r.memory, r.gpu, r.storage)
                IS DISTINCT FROM (e.user_id, e.cpu, e.memory, e.gpu, e.storage)"""),
    WHAT_MOVES_HAS_AN_OPERATION(
            Severity.CRITICAL,
            "Every environment in a moving state has an open operation.",
            "Nothing will move it on by itself: something wrote the status or the operation by hand. Put back what it was.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' is ' || e.status || ', but no operation is under way'
            FROM environments e WHERE e.status IN ('queued', 'creating', 'starting', 'stopping', 'deleting')
                AND NOT EXISTS (SELECT 1 FROM operations o WHERE o.environment_id = e.id AND o.ended_at IS NULL)"""),
    WHAT_RESTS_HAS_NONE(
            Severity.CRITICAL,
            "No operation is open on an environment that runs, is stopped or deleted.",
            "Something wrote the status or the operation by hand: end the operation, or put the status back.",
            """
            SELECT 'environment/' || e.id, e.id, e.host_id,
                'environment ' || e.id || ' is ' || e.status || ', but its ' || o.kind || ' has not ended'
            FROM environments e JOIN operations o ON o.environment_id = e.id AND o.ended_at IS NULL
            WHERE e.status IN ('running', 'stopped', 'deleted')"""),
    LOG_AGREES(
            Severity.CRITICAL,
            "The log of holdings says of this moment what the rows say.",
            "A trigger was switched off when something was given or taken back: say in the log what happened.",
            """
            SELECT held.thing, held.environment_id, CAST(NULL AS text),
                held.thing || ' is held by environment ' || held.environment_id || ' as its ' || held.kind || ', of which the '
                    || held.missing || ' nothing'
            FROM (
                (SELECT *, 'log knows' AS missing FROM (TABLE held_now EXCEPT TABLE logged_now) AS unlogged)
                UNION ALL
                (SELECT *, 'rows say' AS missing FROM (TABLE logged_now EXCEPT TABLE held_now) AS unheld)) AS held"""),
    ONE_AT_A_TIME(
            Severity.CRITICAL,
            "In no interval (of those that ended within a day, or have not) was a GPU or a port held by two.",
            "Compare the two rows of holding_log: one of the environments had what was not its own. The constraint"
                    + " holding_log_one_at_a_time forbids this; see who removed it.",
            """
            SELECT thing, environment_id, host_id,
                thing || ' was held by environment ' || environment_id || ' from ' || held_from
                    || ', while it was held by environment ' || holder_before
            FROM (SELECT thing, environment_id, host_id, held_from, held_to,
                    lag(environment_id) OVER (PARTITION BY thing ORDER BY held_from, id) AS holder_before,
                    max(coalesce(held_to, 'infinity')) OVER (PARTITION BY thing ORDER BY held_from, id
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
                FROM holding_log WHERE kind IN ('gpu', 'port') AND (held_to IS NULL OR held_to > now() - interval '1 day')) h
            WHERE until > held_from AND (held_to IS NULL OR held_to > held_from)""");

    private final Severity severity;
    private final String sentence;
    private final String remedy;
    private final String sql;

    Invariant(Severity severity, String sentence, String remedy, String sql) {
        this.severity = severity;
        this.sentence = sentence;
        this.remedy = remedy;
        this.sql = sql;
    }

    /** How bad it is when it is not true. */
    public Severity severity() {
        return severity;
    }

    /** What must be true. */
    public String sentence() {
        return sentence;
    }

    /** What an operator does when it is not, or what happens by itself. */
    public String remedy() {
        return remedy;
    }

    /** The name in rows, answers and metrics, for example {@code "used_is_the_sum"}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What selects the violations: subject, environment, host, and what was found in words. */
    String sql() {
        return sql;
    }
}
