package io.remotegpu.db.allocation;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the queue reads and writes; transactions and sense are {@link CapacityQueue}'s. */
@Component
class QueueRows {

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;

    QueueRows(JdbcClient jdbc, EnvironmentRepository environments) {
        this.jdbc = jdbc;
        this.environments = environments;
    }

    /** A row of the queue. */
    record Wait(UUID id, long ticket, int leasedPorts, Instant since, Instant deadline, Duration left) {}

    boolean anybody() {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM capacity_waits)")
                .query(Boolean.class)
                .single();
    }

    /** Until the transaction ends nobody else decides who goes next. Taken before any row. */
    void lock() {
        jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended('capacity queue', 0))::text")
                .query(String.class)
                .single();
    }

    void insert(UUID id, Duration atMost) {
        jdbc.sql("""
                        INSERT INTO capacity_waits (environment_id, deadline)
                        VALUES (?, clock_timestamp() + ? * interval '1 millisecond')""").params(id, atMost.toMillis()).update();
    }

    List<Environment> waiting() {
        return environments.waiting();
    }

    /** By environment, those who have their place already, too. */
    Map<UUID, Wait> waits() {
        var waits = new HashMap<UUID, Wait>();
        jdbc.sql("""
                        SELECT w.environment_id, w.ticket, w.since, w.deadline,
                            (extract(epoch FROM w.deadline - clock_timestamp()) * 1000)::bigint AS left_ms,
                            (SELECT count(*) FROM port_leases l WHERE l.environment_id = w.environment_id) AS leased
                        FROM capacity_waits w""").query((RowCallbackHandler) row -> {
            var id = row.getObject("environment_id", UUID.class);
            waits.put(
                    id,
                    new Wait(
                            id,
                            row.getLong("ticket"),
                            row.getInt("leased"),
                            row.getObject("since", OffsetDateTime.class).toInstant(),
                            row.getObject("deadline", OffsetDateTime.class).toInstant(),
                            Duration.ofMillis(row.getLong("left_ms"))));
        });
        return waits;
    }

    int leasedPorts(UUID id) {
        return jdbc.sql("SELECT count(*) FROM port_leases WHERE environment_id = ?")
                .param(id)
                .query(Integer.class)
                .single();
    }

    /** GPUs held now, by user. */
    Map<Long, Long> held() {
        var held = new HashMap<Long, Long>();
        jdbc.sql("""
                        SELECT e.user_id, count(*) FROM gpus g JOIN environments e ON e.id = g.allocated_to
                        GROUP BY e.user_id""").query((RowCallbackHandler) row -> held.put(row.getLong(1), row.getLong(2)));
        return held;
    }

    /**
     * Those who have their place and did not take it up yet: these, and older ones, whose wake-up may have been lost.
     */
    List<UUID> granted(List<UUID> justNow) {
        return jdbc.sql("""
                        SELECT w.environment_id FROM capacity_waits w
                            JOIN allocations a ON a.environment_id = w.environment_id AND a.released_at IS NULL
                        WHERE w.environment_id = ANY (?) OR a.allocated_at < clock_timestamp() - interval '2 seconds'
                        ORDER BY w.ticket""")
                .param(justNow.toArray(UUID[]::new))
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
    }

    /** In the order in which everybody takes locks: environments, hosts, GPUs. */
    void lockEverything() {
        jdbc.sql("""
                        SELECT e.id FROM environments e JOIN capacity_waits w ON w.environment_id = e.id
                        ORDER BY e.id FOR NO KEY UPDATE OF e""").query(UUID.class).list();
        jdbc.sql("SELECT id FROM hosts WHERE status = 'active' ORDER BY id FOR NO KEY UPDATE")
                .query(String.class)
                .list();
        jdbc.sql("SELECT id FROM gpus WHERE status = 'available' ORDER BY id FOR NO KEY UPDATE")
                .query(Long.class)
                .list();
    }

    List<HostRoom> rooms() {
        var devices = new HashMap<String, List<HostRoom.Device>>();
        jdbc.sql("SELECT id, host_id, link_group, model, memory, status FROM gpus WHERE status <> 'error' ORDER BY id")
                .query((RowCallbackHandler)
                        row -> devices.computeIfAbsent(row.getString("host_id"), _ -> new ArrayList<>())
                                .add(new HostRoom.Device(
                                        row.getLong("id"),
                                        row.getInt("link_group"),
                                        row.getString("model"),
                                        row.getLong("memory"),
                                        row.getString("status").equals("available"))));
        return jdbc.sql("""
                        SELECT h.id, h.status, h.deployment_modes, h.total_cpu, h.total_cpu - h.used_cpu AS free_cpu,
                            h.total_memory, h.total_memory - h.used_memory AS free_memory, free_ports(h) AS free_ports
                        FROM hosts h ORDER BY h.id""")
                .query((row, _) -> new HostRoom(
                        row.getString("id"),
                        row.getString("status"),
                        modes((String[]) row.getArray("deployment_modes").getArray()),
                        row.getInt("total_cpu"),
                        row.getInt("free_cpu"),
                        row.getLong("total_memory"),
                        row.getLong("free_memory"),
                        row.getLong("free_ports"),
                        devices.getOrDefault(row.getString("id"), List.of())))
                .list();
    }

    private static Set<String> modes(String[] names) {
        return new HashSet<>(List.of(names));
    }
}
