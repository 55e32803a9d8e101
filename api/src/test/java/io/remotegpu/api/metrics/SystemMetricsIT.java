package io.remotegpu.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.api.testing.ApiTest;
import io.remotegpu.api.testing.Client;
import io.remotegpu.db.host.HostStatus;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics of the whole system, as a monitoring system reads them. */
class SystemMetricsIT extends ApiTest {

    private Client admin = nobody;

    @BeforeEach
    void anAdministrator() {
        admin = nobody.user("admin");
    }

    @Test
    void anEmptySystemSaysZeroForEachStatus() {
        assertThat(metric("remotegpu_queue_length")).isZero();
        assertThat(metric("remotegpu_queue_oldest_age_seconds")).isZero();
        for (var status : HostStatus.values()) {
            assertThat(metric("remotegpu_hosts{status=\"" + status.wireName() + "\"}"))
                    .as(status.wireName())
                    .isZero();
        }
        assertThat(metric("remotegpu_hosts_unguarded")).isZero();
        assertThat(metric("remotegpu_operation_duration_seconds_count{kind=\"create\",outcome=\"failed\"}"))
                .isZero();
    }

    @Test
    void hostsAreCountedByStatus() {
        activeHost("h1", 3);
        activeHost("h2", 1);
        activeHost("h3", 0);
        jdbc.sql("UPDATE hosts SET status = 'quarantined' WHERE id = 'h3'").update();
        jdbc.sql(
                        "UPDATE hosts SET facts = '{\"unguarded.docker.home\": \"a\", \"unguarded.docker.rest\": \"b\"}' WHERE id <> 'h1'")
                .update();
        jdbc.sql("UPDATE hosts SET facts = '{\"docker\": \"unguarded.\"}' WHERE id = 'h1'")
                .update();

        assertThat(metric("remotegpu_hosts{status=\"active\"}")).isEqualTo(2);
        assertThat(metric("remotegpu_hosts{status=\"quarantined\"}")).isEqualTo(1);
        assertThat(metric("remotegpu_hosts_unguarded")).isEqualTo(2);
    }

    @Test
    void gpusAreCountedByModelAndStatus() {
        activeHost("h1", 3);
        activeHost("h2", 2);
        jdbc.sql("UPDATE gpus SET model = 'NVIDIA L4' WHERE host_id = 'h2'").update();
        jdbc.sql("UPDATE gpus SET status = 'error', status_reason = 'XID 79' WHERE host_id = 'h1' AND gpu_index = 0")
                .update();
        var other = jdbc.sql("SELECT model FROM gpus WHERE host_id = 'h1' LIMIT 1")
                .query(String.class)
                .single();

        assertThat(metric("remotegpu_gpus{model=\"NVIDIA L4\",status=\"available\"}"))
                .isEqualTo(2);
        assertThat(metric("remotegpu_gpus{model=\"NVIDIA L4\",status=\"error\"}"))
                .isZero();
        assertThat(metric("remotegpu_gpus{model=\"" + other + "\",status=\"available\"}"))
                .isEqualTo(2);
        assertThat(metric("remotegpu_gpus{model=\"" + other + "\",status=\"error\"}"))
                .isEqualTo(1);
    }

    @Test
    void howLongAgoHostsWereHeardOfIsToldOfThoseThatAreToBe() {
        for (var id : List.of("h1", "h2", "h3")) {
            activeHost(id, 0);
        }
        jdbc.sql("UPDATE hosts SET last_heartbeat = now() - interval '100 seconds'")
                .update();
        jdbc.sql("UPDATE hosts SET status = 'lost' WHERE id = 'h2'").update();
        jdbc.sql("UPDATE hosts SET last_heartbeat = NULL WHERE id = 'h3'").update();

        assertThat(metric("remotegpu_host_heartbeat_age_seconds{host=\"h1\"}")).isBetween(100.0, 700.0);
        assertThat(admin.get("/actuator/prometheus").http().body())
                .doesNotContain("remotegpu_host_heartbeat_age_seconds{host=\"h2\"}")
                .doesNotContain("remotegpu_host_heartbeat_age_seconds{host=\"h3\"}");
    }

    @Test
    void operationsAreCountedByHowTheyEndedAndHowLongTheyTook() {
        nobody.user("ann");
        activeHost("h1", 0);
        var id = holding("one", 0);
        double before = operations("start", "succeeded", "count");
        double sum = operations("start", "succeeded", "sum");
        double soon = tookAtMost("start", "succeeded", "60.0");
        double later = tookAtMost("start", "succeeded", "120.0");
        ended(id, "start", "succeeded", 300, 0.25);
        ended(id, "start", "succeeded", 200, 90);

        assertThat(operations("start", "succeeded", "count") - before).isEqualTo(2);
        assertThat(operations("start", "succeeded", "sum") - sum).isEqualTo(90.25);
        assertThat(tookAtMost("start", "succeeded", "60.0") - soon).isEqualTo(1);
        assertThat(tookAtMost("start", "succeeded", "120.0") - later).isEqualTo(2);
        assertThat(tookAtMost("start", "succeeded", "+Inf")).isEqualTo(operations("start", "succeeded", "count"));
    }

    private void ended(UUID id, String kind, String outcome, int secondsAgo, double seconds) {
        jdbc.sql("""
                        INSERT INTO operations (id, environment_id, kind, step, requested_by, outcome, started_at, ended_at)
                        SELECT gen_random_uuid()::text, :id, :kind, :kind, 'ann', :outcome,
                            at - :seconds * interval '1 second', at FROM (SELECT now() - :ago * interval '1 second' AS at) t""")
                .param("id", id)
                .param("kind", kind)
                .param("outcome", outcome)
                .param("seconds", seconds)
                .param("ago", secondsAgo)
                .update();
    }

    private double operations(String kind, String outcome, String what) {
        return metric(
                "remotegpu_operation_duration_seconds_" + what + "{kind=\"" + kind + "\",outcome=\"" + outcome + "\"}");
    }

    private double tookAtMost(String kind, String outcome, String seconds) {
        return metric("remotegpu_operation_duration_seconds_bucket{kind=\"" + kind + "\",outcome=\"" + outcome
                + "\",le=\"" + seconds + "\"}");
    }

    @Test
    void theQueueSaysHowLongItIsAndForHowLongTheOldestWaits() {
        nobody.user("ann");
        activeHost("h1", 0);
        waiting("young", 20);
        waiting("old", 300);
        // Has its place already, and was only not told yet.
        var granted = waiting("granted", 900);
        jdbc.sql("INSERT INTO allocations (environment_id, host_id, cpu, memory) VALUES (?, 'h1', 1, 1073741824)")
                .param(granted)
                .update();

        assertThat(metric("remotegpu_queue_length")).isEqualTo(2);
        assertThat(metric("remotegpu_queue_oldest_age_seconds")).isBetween(300.0, 800.0);
    }

    @Test
    void gpuUseIsToldOfThoseWhoHoldGpusAndOnlyWhereItIsKnown() {
        nobody.user("ann");
        activeHost("h1", 4);
        var busy = holding("busy", 2);
        var unseen = holding("unseen", 1);
        var longAgo = holding("long ago", 1);
        look(busy, 5, 20);
        look(busy, 1, 75);
        look(longAgo, 600, 90);

        assertThat(metric("remotegpu_environment_gpus", busy)).containsExactly(2.0);
        assertThat(metric("remotegpu_environment_gpu_use_ratio", busy)).containsExactly(0.75);
        assertThat(metric("remotegpu_environment_gpus", unseen)).containsExactly(1.0);
        assertThat(metric("remotegpu_environment_gpu_use_ratio", unseen)).isEmpty();
        assertThat(metric("remotegpu_environment_gpu_use_ratio", longAgo)).isEmpty();

        jdbc.sql("UPDATE gpus SET status = 'available', allocated_to = NULL").update();
        assertThat(metric("remotegpu_environment_gpus", busy)).isEmpty();
        assertThat(metric("remotegpu_environment_gpu_use_ratio", busy)).isEmpty();
    }

    private UUID holding(String name, int gpus) {
        var id = UUID.randomUUID();
        jdbc.sql("""
                        INSERT INTO environments (id, user_id, name, environment_type, deployment_mode, image, cpu, memory, gpu,
                            storage, status, host_id, has_data, started_at)
                        SELECT :id, id, :name, 'terminal', 'docker', 'image', 1, 1073741824, :gpus, 1073741824, 'running', 'h1',
                            true, now() - interval '1 hour'
                        FROM users WHERE username = 'ann'""").param("id", id).param("name", name).param("gpus", gpus).update();
        jdbc.sql("""
                        UPDATE gpus SET status = 'allocated', allocated_to = :id WHERE id IN (
                            SELECT id FROM gpus WHERE status = 'available' LIMIT :gpus)""").param("id", id).param("gpus", gpus).update();
        return id;
    }

    private void look(UUID id, int secondsAgo, int percent) {
        jdbc.sql("""
                        INSERT INTO activity_samples (environment_id, pass, at, gpu_percent)
                        SELECT :id, at, at, :percent FROM (SELECT now() - :ago * interval '1 second' AS at) t""")
                .param("id", id)
                .param("percent", percent)
                .param("ago", secondsAgo)
                .update();
    }

    private List<Double> metric(String name, UUID environment) {
        var series = name + "{environment=\"" + environment + "\",user=\"ann\"} ";
        return admin.get("/actuator/prometheus")
                .http()
                .body()
                .lines()
                .filter(line -> line.startsWith(series))
                .map(line -> Double.parseDouble(line.substring(series.length())))
                .toList();
    }

    private UUID waiting(String name, int seconds) {
        var id = UUID.randomUUID();
        jdbc.sql("""
                        WITH environment AS (
                            INSERT INTO environments (id, user_id, name, environment_type, deployment_mode, image, cpu, memory, gpu,
                                storage, status)
                            SELECT :id, id, :name, 'terminal', 'docker', 'image', 1, 1073741824, 0, 1073741824, 'queued'
                            FROM users WHERE username = 'ann' RETURNING id)
                        INSERT INTO capacity_waits (environment_id, since, deadline)
                        SELECT id, now() - :seconds * interval '1 second', now() + interval '1 hour' FROM environment""")
                .param("id", id)
                .param("name", name)
                .param("seconds", seconds)
                .update();
        return id;
    }

    private double metric(String series) {
        return admin.get("/actuator/prometheus")
                .http()
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not there"));
    }
}
