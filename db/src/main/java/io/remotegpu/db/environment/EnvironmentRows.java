package io.remotegpu.db.environment;

import io.remotegpu.db.StringMap;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The writing statements of an environment's own rows; transactions and sense are {@link EnvironmentLifecycle}'s. */
@Component
class EnvironmentRows {

    private final JdbcClient jdbc;
    private final HeldPlaces places;

    EnvironmentRows(JdbcClient jdbc, HeldPlaces places) {
        this.jdbc = jdbc;
        this.places = places;
    }

    /** With its open operation, and the event that says so; empty when its id or its name is there already. */
    Optional<Environment> insert(NewEnvironment environment) {
        var spec = environment.spec();
        return jdbc.sql("""
                        WITH made AS (
                            INSERT INTO environments (id, user_id, name, environment_type, deployment_mode, image, cpu,
                                memory, gpu, storage, env, gpu_model, gpu_memory_min, requested_host_id,
                                idle_timeout_seconds, priority, status, request_fingerprint)
                            VALUES (:id, :userId, :name, :type, :mode, :image, :cpu, :memory, :gpu, :storage,
                                CAST(:env AS jsonb), :gpuModel, :gpuMemoryMin, :requestedHostId, :idleTimeout, :priority,
                                'creating', :fingerprint)
                            ON CONFLICT DO NOTHING RETURNING id, created_at),
                        opened AS (
                            INSERT INTO operations (id, environment_id, kind, step, requested_by)
                            SELECT :operationId, id, :kind, :step, :requestedBy FROM made),
                        told AS (
                            INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                            SELECT id, :operationId, :kind, :started, 'asked for by ' || :requestedBy FROM made)
                        SELECT created_at FROM made""")
                .param("id", environment.id())
                .param("userId", environment.userId())
                .param("name", spec.name())
                .param("type", spec.type().wireName())
                .param("mode", spec.mode().wireName())
                .param("image", spec.image())
                .param("cpu", spec.cpu())
                .param("memory", spec.memory())
                .param("gpu", spec.gpu())
                .param("storage", spec.storage())
                .param("env", new StringMap(spec.env()).toJson())
                .param("gpuModel", spec.gpuModel())
                .param("gpuMemoryMin", spec.gpuMemoryMin())
                .param("requestedHostId", spec.hostId())
                .param("idleTimeout", environment.idleTimeoutSeconds())
                .param("priority", spec.priority())
                .param("fingerprint", environment.requestFingerprint())
                .param("operationId", environment.operationId())
                .param("kind", OperationKind.CREATE.wireName())
                .param("step", Operation.ADMIT)
                .param("requestedBy", environment.requestedBy())
                .param("started", EventOutcome.STARTED.wireName())
                .query((row, _) ->
                        row.getObject("created_at", OffsetDateTime.class).toInstant())
                .optional()
                .map(environment::creating);
    }

    /** Writes the status that {@link Environment#moveTo} allowed, with the times and the end of failures it implies. */
    void moved(Environment environment) {
        jdbc.sql("""
                        UPDATE environments SET status = :status, updated_at = now(),
                            started_at = CASE WHEN :status = 'running' THEN now() ELSE started_at END,
                            stopped_at = CASE WHEN :status = 'stopped' THEN now() ELSE stopped_at END,
                            deleted_at = CASE WHEN :status = 'deleted' THEN now() END
                        WHERE id = :id""")
                .param("id", environment.id())
                .param("status", environment.status().wireName())
                .update();
    }

    /** Writes the status of before a start that was refused, and nothing else: it never happened. */
    void restored(Environment environment) {
        jdbc.sql("UPDATE environments SET status = ?, updated_at = now() WHERE id = ?")
                .params(environment.status().wireName(), environment.id())
                .update();
    }

    /** Writes why an environment is failed, or, with nulls, that nothing is wrong with it. */
    void failure(UUID id, @Nullable String code, @Nullable String reason, List<String> unreturned) {
        jdbc.sql("""
                        UPDATE environments SET failure_code = :code, failure_reason = :reason, unreturned = :unreturned,
                            updated_at = now()
                        WHERE id = :id""")
                .param("id", id)
                .param("code", code)
                .param("reason", reason)
                .param("unreturned", unreturned.toArray(String[]::new))
                .update();
    }

    /** What its next run asks for, and with it what it would reserve: it reserves nothing of that while it is down. */
    void size(UUID id, int cpu, long memory, int gpu, int fullGpu) {
        jdbc.sql("""
                        WITH asked AS (
                            UPDATE environments SET cpu = :cpu, memory = :memory, gpu = :gpu, full_gpu = :fullGpu,
                                updated_at = now()
                            WHERE id = :id)
                        UPDATE reservations SET cpu = :cpu, memory = :memory, gpu = :gpu
                        WHERE environment_id = :id AND NOT compute_held""")
                .param("id", id)
                .param("cpu", cpu)
                .param("memory", memory)
                .param("gpu", gpu)
                .param("fullGpu", fullGpu)
                .update();
    }

    void idleTimeout(UUID id, @Nullable Duration timeout) {
        jdbc.sql("UPDATE environments SET idle_timeout_seconds = :timeout, updated_at = now() WHERE id = :id")
                .param("timeout", timeout == null ? null : timeout.toSeconds(), Types.BIGINT)
                .param("id", id)
                .update();
    }

    void isProtected(UUID id, boolean value) {
        jdbc.sql("UPDATE environments SET protected = ?, updated_at = now() WHERE id = ?")
                .params(value, id)
                .update();
    }

    /** Never shortens what an earlier request was granted. */
    void extended(UUID id, Duration by) {
        jdbc.sql("""
                        UPDATE environments SET extended_until = greatest(extended_until, now() + ? * interval '1 second'),
                            updated_at = now()
                        WHERE id = ?""").params(by.toSeconds(), id).update();
    }

    void hasData(UUID id) {
        jdbc.sql("UPDATE environments SET has_data = true, updated_at = now() WHERE id = ? AND NOT has_data")
                .param(id)
                .update();
    }

    /** Nothing of it is on any host. */
    void dataGone(UUID id) {
        jdbc.sql("""
                        UPDATE environments SET has_data = false, host_id = NULL, updated_at = now()
                        WHERE id = ? AND (has_data OR host_id IS NOT NULL)""").param(id).update();
    }

    /** It holds nothing any more: no CPU, memory, GPU or port, and nothing of its user's quota. */
    void freed(UUID id) {
        placeFreed(id);
        jdbc.sql("DELETE FROM reservations WHERE environment_id = ?").param(id).update();
    }

    /** It has no place on any host any more: no CPU, memory, GPU or port. */
    void placeFreed(UUID id) {
        places.free(id);
        jdbc.sql("DELETE FROM port_leases WHERE environment_id = ?").param(id).update();
    }

    /** Deleted: its secrets and its log are gone; where it ran stays, as history. */
    void deleted(UUID id) {
        jdbc.sql("DELETE FROM environment_secrets WHERE environment_id = ?")
                .param(id)
                .update();
        jdbc.sql("DELETE FROM environment_logs WHERE environment_id = ?")
                .param(id)
                .update();
        jdbc.sql("DELETE FROM log_streams WHERE environment_id = ?").param(id).update();
        jdbc.sql("UPDATE environments SET has_data = false WHERE id = ?")
                .param(id)
                .update();
    }

    /** Removes the row and all that hangs on it; GPUs it still holds are freed, so that none is lost with it. */
    void delete(UUID id) {
        places.freeGpus(id);
        jdbc.sql("DELETE FROM environments WHERE id = ?").param(id).update();
    }

    /** Opens an operation, with the event that says so; a start forgets why it was stopped. */
    void open(
            String operationId,
            UUID id,
            OperationKind kind,
            String requestedBy,
            @Nullable String reason,
            @Nullable EnvironmentStatus statusBefore) {
        jdbc.sql("""
                        WITH explained AS (
                            UPDATE environments SET stop_reason = CASE WHEN :kind = 'stop' THEN :reason END
                            WHERE id = :id AND :kind IN ('start', 'stop')
                                AND stop_reason IS DISTINCT FROM CASE WHEN :kind = 'stop' THEN :reason END),
                        opened AS (
                            INSERT INTO operations (id, environment_id, kind, step, requested_by, status_before)
                            VALUES (:operationId, :id, :kind, :step, :requestedBy, :statusBefore))
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                        VALUES (:id, :operationId, :kind, :started,
                            'asked for by ' || :requestedBy || coalesce(': ' || :reason, ''))""")
                .param("operationId", operationId)
                .param("id", id)
                .param("kind", kind.wireName())
                .param("step", Operation.ADMIT)
                .param("requestedBy", requestedBy)
                .param("reason", reason, Types.VARCHAR)
                .param("statusBefore", statusBefore == null ? null : statusBefore.wireName())
                .param("started", EventOutcome.STARTED.wireName())
                .update();
    }

    /** Enters a step, with the event that says so. */
    void step(UUID id, String operationId, String step, @Nullable String message) {
        jdbc.sql("""
                        WITH entered AS (UPDATE operations SET step = :step WHERE id = :operationId)
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                        VALUES (:id, :operationId, :step, :started, :message)""")
                .param("message", message)
                .param("id", id)
                .param("operationId", operationId)
                .param("step", step)
                .param("started", EventOutcome.STARTED.wireName())
                .update();
    }

    /** Enters the first step of an operation that was admitted just now, with the event that says so; again: nothing. */
    void firstStep(UUID id, String operationId, String step) {
        jdbc.sql("""
                        WITH entered AS (
                            UPDATE operations SET step = :step
                            WHERE id = :operationId AND environment_id = :id AND step = :admit AND ended_at IS NULL
                            RETURNING environment_id, id)
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome)
                        SELECT environment_id, id, :step, :started FROM entered""")
                .param("id", id)
                .param("operationId", operationId)
                .param("step", step)
                .param("admit", Operation.ADMIT)
                .param("started", EventOutcome.STARTED.wireName())
                .update();
    }

    void close(String operationId, OperationOutcome outcome) {
        jdbc.sql("UPDATE operations SET outcome = ?, ended_at = now() WHERE id = ? AND ended_at IS NULL")
                .params(outcome.wireName(), operationId)
                .update();
    }

    /** From now on it gives back what it took. */
    void compensating(String operationId) {
        jdbc.sql("""
                        UPDATE operations SET compensating_since = clock_timestamp()
                        WHERE id = ? AND compensating_since IS NULL""").param(operationId).update();
    }

    /** Removes an operation as if it had never been asked for. */
    void forget(String operationId) {
        jdbc.sql("DELETE FROM environment_events WHERE operation_id = ?")
                .param(operationId)
                .update();
        jdbc.sql("DELETE FROM operations WHERE id = ?").param(operationId).update();
    }

    /** The last line of an operation that failed. */
    void undone(UUID id, Operation operation) {
        event(
                id,
                operation.id(),
                operation.kind().wireName(),
                EventOutcome.UNDONE,
                "everything that it took was given back");
    }

    void event(UUID id, @Nullable String operationId, String step, EventOutcome outcome, @Nullable String message) {
        jdbc.sql("""
                        INSERT INTO environment_events (environment_id, operation_id, step, outcome, message)
                        VALUES (:id, :operationId, :step, :outcome, :message)""")
                .param("id", id)
                .param("operationId", operationId)
                .param("step", step)
                .param("outcome", outcome.wireName())
                .param("message", message)
                .update();
    }
}
