package io.remotegpu.db.environment;

import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Events of steps within an operation, by whoever does them; of an environment without an open operation there are none. */
@Component
public class StepEvents {

    private static final int LONGEST = 500;
    private static final String DEPLOY = "deploy";
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;

    StepEvents(JdbcClient jdbc, EnvironmentRepository environments) {
        this.jdbc = jdbc;
        this.environments = environments;
    }

    /**
     * What was taken so far: quota, host and GPUs, ports, each a step that is done, with what it got. Part of the transaction
     * that took the last of it, which has locked the environment; told already is not told again.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void taken(UUID id) {
        jdbc.sql("""
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                        SELECT o.environment_id, o.id, taken.step, 'done', taken.message
                        FROM operations o CROSS JOIN (
                            SELECT 1 AS turn, 'quota' AS step, cpu || ' CPUs, ' || trim_scale(round(memory / 1073741824.0, 2))
                                || ' GiB memory, ' || gpu || ' GPUs, ' || trim_scale(round(storage / 1073741824.0, 2))
                                || ' GiB storage' AS message
                            FROM reservations WHERE environment_id = :id AND compute_held
                            UNION ALL
                            SELECT 2, 'allocate', 'host ' || a.host_id || coalesce((
                                SELECT ', GPU ' || string_agg(g.gpu_index::text, ', ' ORDER BY g.gpu_index) || ' (' || min(g.model) || ')'
                                FROM gpus g WHERE g.allocated_to = :id), '')
                            FROM allocations a WHERE a.environment_id = :id AND a.released_at IS NULL
                            UNION ALL
                            SELECT 3, 'ports', string_agg(service || ' ' || port, ', ' ORDER BY port)
                            FROM port_leases WHERE environment_id = :id HAVING count(*) > 0
                                AND EXISTS (SELECT 1 FROM allocations WHERE environment_id = :id AND released_at IS NULL)
                        ) AS taken
                        WHERE o.environment_id = :id AND o.ended_at IS NULL AND NOT EXISTS (
                            SELECT 1 FROM environment_events e
                            WHERE e.environment_id = :id AND e.operation_id = o.id AND e.step = taken.step
                                AND e.message = taken.message)
                        ORDER BY taken.turn""").param("id", id).update();
    }

    /**
     * Why it still waits for room, where that is not what was said last. Part of the transaction that looked, which has locked the
     * environment; nothing where no operation waits.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void waits(UUID id, String reason) {
        jdbc.sql("""
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                        SELECT environment_id, id, step, 'progress', :reason FROM operations o
                        WHERE environment_id = :id AND ended_at IS NULL AND step = :queue AND :reason IS DISTINCT FROM (
                            SELECT message FROM environment_events e
                            WHERE e.environment_id = :id AND e.operation_id = o.id AND e.step = o.step
                                AND e.outcome IN ('started', 'progress')
                            ORDER BY e.id DESC LIMIT 1)""")
                .param("id", id)
                .param("queue", Operation.QUEUE)
                .param("reason", reason)
                .update();
    }

    /** What the engine says while it deploys; nothing once that has ended. */
    @Transactional
    public void progress(UUID id, String message) {
        if (environments.lock(id).isEmpty()) {
            return;
        }
        jdbc.sql("""
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                        SELECT environment_id, id, step, 'progress', :message FROM operations
                        WHERE environment_id = :id AND ended_at IS NULL AND step = :deploy
                            AND compensating_since IS NULL""")
                .param("id", id)
                .param("deploy", DEPLOY)
                .param(
                        "message",
                        CONTROL.matcher(message.substring(0, Math.min(LONGEST, message.length())))
                                .replaceAll(" "))
                .update();
    }
}
