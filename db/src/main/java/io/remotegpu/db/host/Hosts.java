package io.remotegpu.db.host;

import io.remotegpu.db.StringMap;
import io.remotegpu.db.audit.AutomaticChanges;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What becomes of hosts. Each method is one transaction.
 *
 * <p>Observation never overwrites allocation: nothing here frees what environments hold.
 */
@Component
public class Hosts {

    private static final String UNSWEPT =
            "it was declared lost: what is left there is removed before it is given anything";

    private final JdbcClient jdbc;
    private final HostRepository hosts;
    private final GpuReports gpuReports;
    private final AutomaticChanges changes;

    Hosts(JdbcClient jdbc, HostRepository hosts, GpuReports gpuReports, AutomaticChanges changes) {
        this.jdbc = jdbc;
        this.hosts = hosts;
        this.gpuReports = gpuReports;
        this.changes = changes;
    }

    /**
     * Registers a host as pending: it takes environments from its first heartbeat, or its activation, on.
     *
     * @throws HostExistsException when there is one of that id
     */
    @Transactional
    public Host register(NewHost host) {
        var added = jdbc.sql("""
                        INSERT INTO hosts (id, name, ip_address, bind_address, deployment_modes, total_cpu, total_memory,
                            port_min, port_max, cluster, token_hash)
                        VALUES (:id, :name, :ipAddress, :bindAddress, :modes, :cpu, :memory, :portMin, :portMax, :cluster,
                            :tokenHash)
                        ON CONFLICT (id) DO NOTHING""")
                .param("id", host.id())
                .param("name", host.name())
                .param("ipAddress", host.ipAddress())
                .param("bindAddress", host.bindAddress())
                .param("modes", wireNames(host.modes()))
                .param("cpu", host.cpu())
                .param("memory", host.memory())
                .param("portMin", host.portMin())
                .param("portMax", host.portMax())
                .param("cluster", host.cluster())
                .param("tokenHash", host.tokenHash())
                .update();
        if (added == 0) {
            throw new HostExistsException(host.id());
        }
        return hosts.findById(host.id()).orElseThrow();
    }

    /** Changes what an administrator may change; empty when there is no such host. */
    @Transactional
    public Optional<Host> update(String id, HostUpdate update) {
        jdbc.sql("""
                        UPDATE hosts SET name = coalesce(:name, name), ip_address = coalesce(:ipAddress, ip_address),
                            bind_address = coalesce(:bindAddress, bind_address), port_min = coalesce(:portMin, port_min),
                            port_max = coalesce(:portMax, port_max), token_hash = coalesce(:tokenHash, token_hash),
                            updated_at = now()
                        WHERE id = :id""")
                .param("id", id)
                .param("name", update.name())
                .param("ipAddress", update.ipAddress())
                .param("bindAddress", update.bindAddress())
                .param("portMin", update.portMin())
                .param("portMax", update.portMax())
                .param("tokenHash", update.tokenHash())
                .update();
        return hosts.findById(id);
    }

    /**
     * Removes a host and its GPUs; absent is success. The history of what was held there stays.
     *
     * @throws HostInUseException when an environment that is not deleted is on it or asks for it
     */
    @Transactional
    public void delete(String id) {
        var found = jdbc.sql("SELECT id FROM hosts WHERE id = ? FOR UPDATE")
                .param(id)
                .query(String.class)
                .optional();
        if (found.isEmpty()) {
            return;
        }
        long environments = jdbc.sql("""
                        SELECT count(*) FROM environments WHERE status <> 'deleted' AND (host_id = :id OR requested_host_id = :id)
                            OR id IN (SELECT environment_id FROM allocations WHERE host_id = :id AND released_at IS NULL
                                UNION SELECT environment_id FROM port_leases WHERE host_id = :id
                                UNION SELECT allocated_to FROM gpus WHERE host_id = :id AND allocated_to IS NOT NULL)""").param("id", id).query(Long.class).single();
        if (environments > 0) {
            throw new HostInUseException(id, environments);
        }
        jdbc.sql("""
                        UPDATE environments SET host_id = nullif(host_id, :id), requested_host_id = nullif(requested_host_id, :id)
                        WHERE host_id = :id OR requested_host_id = :id""").param("id", id).update();
        jdbc.sql("DELETE FROM gpus WHERE host_id = ?").param(id).update();
        jdbc.sql("DELETE FROM hosts WHERE id = ?").param(id).update();
    }

    /**
     * Notes what a host says of itself. A pending or quarantined host becomes active, unless it was declared lost and is
     * not swept yet; one that an administrator drains or declared lost stays that. New GPUs are added; known ones may be
     * marked as in error; none is ever freed.
     *
     * @return what contradicts the rows and was left alone, in words; empty when there is no such host
     */
    @Transactional
    public Optional<List<String>> heartbeat(String id, Capacity capacity) {
        var before = jdbc.sql("""
                        WITH before AS (SELECT id, status FROM hosts WHERE id = :id FOR NO KEY UPDATE)
                        UPDATE hosts SET last_heartbeat = clock_timestamp(), total_cpu = :cpu, total_memory = :memory,
                            deployment_modes = :modes, facts = CAST(:facts AS jsonb),
                            status = CASE WHEN before.status IN ('pending', 'quarantined') AND NOT unswept
                                THEN 'active' ELSE before.status END
                        FROM before WHERE hosts.id = before.id
                        RETURNING CASE WHEN hosts.status <> before.status THEN before.status ELSE '' END""")
                .param("id", id)
                .param("cpu", capacity.cpu())
                .param("memory", capacity.memory())
                .param("modes", wireNames(capacity.modes()))
                .param("facts", new StringMap(capacity.facts()).toJson())
                .query(String.class)
                .optional();
        before.filter(status -> !status.isEmpty())
                .ifPresent(status ->
                        changes.ofHost("host:" + id, "host active", id, "it was " + status + ", and was heard of"));
        return before.map(_ -> gpuReports.apply(id, capacity.gpus()));
    }

    /** Takes nothing new from now on; what is there stays. Empty when there is no such host. */
    @Transactional
    public Optional<Host> drain(String id) {
        return drain(id, false);
    }

    /**
     * Takes nothing new from now on. Said again, the newer word on what runs there counts.
     *
     * @param stops whether what runs there, and what is just brought up there, is stopped; else it stays
     * @return empty when there is no such host
     */
    @Transactional
    public Optional<Host> drain(String id, boolean stops) {
        if (move(id, HostStatus.DRAINING).isEmpty()) {
            return Optional.empty();
        }
        jdbc.sql("UPDATE hosts SET drain_stops = :stops, updated_at = now() WHERE id = :id AND drain_stops <> :stops")
                .param("id", id)
                .param("stops", stops)
                .update();
        return hosts.findById(id);
    }

    /**
     * Takes environments (again). One that was declared lost is quarantined until its leftovers are swept; then the next
     * heartbeat makes it active. Empty when there is no such host.
     */
    @Transactional
    public Optional<Host> activate(String id) {
        var host = hosts.lock(id);
        if (host.isEmpty() || !host.get().unswept()) {
            return move(id, HostStatus.ACTIVE);
        }
        if (host.get().status() == HostStatus.QUARANTINED) {
            return host;
        }
        return write(id, HostStatus.QUARANTINED, UNSWEPT);
    }

    /**
     * Takes nothing new while it does not answer, or may not; the next heartbeat makes it active again. What runs there
     * stays, and one that an administrator drains or declared lost stays that. Empty when there is no such host.
     *
     * @param reason what is wrong with it, in words
     */
    @Transactional
    public Optional<Host> quarantine(String id, String reason) {
        var moved = jdbc.sql("""
                        UPDATE hosts SET status = 'quarantined', status_reason = ?, updated_at = now()
                        WHERE id = ? AND status IN ('pending', 'active')""").params(reason, id).update();
        if (moved == 1) {
            changes.ofHost(AutomaticChanges.HOST_WATCH, "host quarantined", id, reason);
        }
        return hosts.findById(id);
    }

    /**
     * Says that the host is gone for good. There is no way back from that word for what is on it: its environments fail,
     * and what they hold is freed, once {@link io.remotegpu.db.environment.HostLosses} has dealt with them; and should the
     * host come back, its engines are swept before it is given anything. Empty when there is no such host.
     */
    @Transactional
    public Optional<Host> lost(String id) {
        var before = hosts.lock(id);
        if (before.isEmpty() || before.get().status() == HostStatus.LOST) {
            return before;
        }
        move(id, HostStatus.LOST);
        jdbc.sql("UPDATE hosts SET unswept = true WHERE id = ?").param(id).update();
        return hosts.findById(id);
    }

    private Optional<Host> move(String id, HostStatus next) {
        var host = hosts.lock(id);
        if (host.isEmpty() || host.get().status() == next) {
            return host;
        }
        var status = host.get().status();
        if (!status.successors().contains(next)) {
            throw new HostStatusException(id, status, next);
        }
        return write(id, next, null);
    }

    private Optional<Host> write(String id, HostStatus next, @Nullable String reason) {
        jdbc.sql("UPDATE hosts SET status = :status, status_reason = :reason, updated_at = now() WHERE id = :id")
                .param("id", id)
                .param("status", next.wireName())
                .param("reason", reason)
                .update();
        return hosts.findById(id);
    }

    private static String[] wireNames(Collection<DeploymentMode> modes) {
        return modes.stream().map(DeploymentMode::wireName).sorted().toArray(String[]::new);
    }
}
