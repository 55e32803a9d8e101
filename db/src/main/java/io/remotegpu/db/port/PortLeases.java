package io.remotegpu.db.port;

import io.remotegpu.db.environment.Environment;
import io.remotegpu.db.environment.EnvironmentNotFoundException;
import io.remotegpu.db.environment.EnvironmentRepository;
import io.remotegpu.db.environment.StepEvents;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.drivers.spi.PortBinding;
import io.remotegpu.drivers.spi.Service;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Which host ports environments hold. Each method is one transaction and idempotent by the environment's id. */
@Component
public class PortLeases {

    private final JdbcClient jdbc;
    private final EnvironmentRepository environments;
    private final HostRepository hosts;
    private final StepEvents events;

    PortLeases(JdbcClient jdbc, EnvironmentRepository environments, HostRepository hosts, StepEvents events) {
        this.jdbc = jdbc;
        this.environments = environments;
        this.hosts = hosts;
        this.events = events;
    }

    /**
     * Leases the lowest free port of its host for each service that has none there yet; leases on another host are given
     * up. Returns all of them, in the order of the type's services.
     *
     * @throws NoPortException when the host's range is used up
     * @throws EnvironmentNotFoundException when there is no such environment, or it has no host
     * @throws io.remotegpu.db.environment.InvalidStateException when it is not being created or started
     */
    @Transactional
    public List<PortBinding> lease(UUID environmentId) {
        var environment =
                environments.lock(environmentId).orElseThrow(() -> new EnvironmentNotFoundException(environmentId));
        environment.requireBeingBroughtUp();
        var hostId = environment.hostId();
        if (hostId == null) {
            throw new IllegalStateException("environment " + environmentId + " has no host yet: allocate first");
        }
        var leased = lease(environment, hostId);
        events.taken(environmentId);
        return leased;
    }

    /**
     * {@link #lease(UUID)} on that host, as part of a transaction that has locked the environment and given it its place there.
     *
     * @param environment as it was before that: one that had no host has no leases to look for
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public List<PortBinding> lease(Environment environment, String hostId) {
        var environmentId = environment.id();
        var host = hosts.lock(hostId).orElseThrow();
        lockCluster(host);
        var leased = environment.hostId() == null
                ? new EnumMap<Service, Integer>(Service.class)
                : leases(environmentId, hostId);
        var services = environment.environmentType().services();
        var missing = services.stream()
                .filter(service -> !leased.containsKey(service))
                .toList();
        if (!missing.isEmpty()) {
            leaseFreePorts(host, environmentId, missing, leased);
        }
        return services.stream()
                .map(service ->
                        new PortBinding(service, host.listenAddress(), Objects.requireNonNull(leased.get(service))))
                .toList();
    }

    /** Those it has there; those elsewhere are given up. */
    private Map<Service, Integer> leases(UUID environmentId, String hostId) {
        var leased = new EnumMap<Service, Integer>(Service.class);
        jdbc.sql("""
                        WITH elsewhere AS (DELETE FROM port_leases WHERE environment_id = :id AND host_id <> :hostId)
                        SELECT service, port FROM port_leases WHERE environment_id = :id AND host_id = :hostId""").param("id", environmentId).param("hostId", hostId).query(into(leased));
        return leased;
    }

    private static RowCallbackHandler into(Map<Service, Integer> leased) {
        return row -> leased.put(Service.fromWireName(row.getString("service")), row.getInt("port"));
    }

    /**
     * Keeps a port of the environment's host that somebody else was found to use from being leased for a while, and gives
     * up this environment's lease of it.
     */
    @Transactional
    public void setAside(UUID environmentId, int port, Duration howLong) {
        var hostId = environments.lock(environmentId).map(Environment::hostId);
        if (hostId.isEmpty() || hosts.lock(hostId.get()).isEmpty()) {
            return;
        }
        jdbc.sql("DELETE FROM port_leases WHERE environment_id = ? AND host_id = ? AND port = ?")
                .params(environmentId, hostId.get(), port)
                .update();
        jdbc.sql("""
                        INSERT INTO ports_set_aside AS p (host_id, port, until)
                        VALUES (?, ?, now() + ? * interval '1 second')
                        ON CONFLICT (host_id, port) DO UPDATE SET until = greatest(p.until, excluded.until)""").params(hostId.get(), port, howLong.toSeconds()).update();
        jdbc.sql("DELETE FROM ports_set_aside WHERE host_id = ? AND until < now()")
                .param(hostId.get())
                .update();
    }

    /** Gives all ports back; none held is success. */
    @Transactional
    public void release(UUID environmentId) {
        jdbc.sql("DELETE FROM port_leases WHERE environment_id = ?")
                .param(environmentId)
                .update();
    }

    /** Says that users reach these services there, and all others of the environment at their leased ports. */
    @Transactional
    public void publish(UUID environmentId, List<Endpoint> addresses) {
        jdbc.sql("""
                        UPDATE port_leases SET public_host = NULL, public_port = NULL, public_tls = NULL
                        WHERE environment_id = ? AND public_host IS NOT NULL""").param(environmentId).update();
        for (var address : addresses) {
            jdbc.sql("""
                            UPDATE port_leases SET public_host = ?, public_port = ?, public_tls = ?
                            WHERE environment_id = ? AND service = ?""")
                    .params(
                            address.host(),
                            address.port(),
                            address.tls(),
                            environmentId,
                            address.service().wireName())
                    .update();
        }
    }

    /** Where users reach its services, SSH first. */
    public List<Endpoint> endpoints(UUID environmentId) {
        return jdbc.sql("""
                        SELECT l.service, coalesce(l.public_host, h.ip_address) AS host, coalesce(l.public_port, l.port) AS port,
                            coalesce(l.public_tls, false) AS tls
                        FROM port_leases l JOIN hosts h ON h.id = l.host_id
                        WHERE l.environment_id = ? ORDER BY l.service <> 'ssh', l.service""")
                .param(environmentId)
                .query((row, _) -> new Endpoint(
                        Service.fromWireName(row.getString("service")),
                        row.getString("host"),
                        row.getInt("port"),
                        row.getBoolean("tls")))
                .list();
    }

    /** Only so that two nodes do not choose the same port, which the rows' constraint would refuse one of them. */
    private void lockCluster(Host host) {
        if (host.cluster() != null) {
            jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))::text")
                    .param("ports of cluster " + host.cluster())
                    .query(String.class)
                    .single();
        }
    }

    /** The host, and its cluster, are locked, so nobody else takes them meanwhile. */
    private void leaseFreePorts(Host host, UUID environmentId, List<Service> services, Map<Service, Integer> leased) {
        jdbc.sql("""
                        WITH free AS (
                            SELECT port, row_number() OVER (ORDER BY port) AS place FROM (
                                SELECT port FROM generate_series(:min, :max) AS port
                                WHERE NOT EXISTS (SELECT 1 FROM port_leases l
                                        WHERE (l.host_id = :hostId OR l.cluster = :cluster) AND l.port = port.port)
                                    AND NOT EXISTS (SELECT 1 FROM ports_set_aside s JOIN hosts h ON h.id = s.host_id
                                        WHERE (h.id = :hostId OR h.cluster = :cluster)
                                            AND s.port = port.port AND s.until > now())
                                ORDER BY port LIMIT :count) AS lowest)
                        INSERT INTO port_leases (host_id, port, environment_id, service)
                        SELECT :hostId, free.port, :id, wanted.service
                        FROM free JOIN unnest(:services) WITH ORDINALITY AS wanted (service, place) USING (place)
                        RETURNING service, port""")
                .param("min", host.portMin())
                .param("max", host.portMax())
                .param("hostId", host.id())
                .param("cluster", host.cluster())
                .param("count", services.size())
                .param("id", environmentId)
                .param("services", services.stream().map(Service::wireName).toArray(String[]::new))
                .query(into(leased));
        if (!leased.keySet().containsAll(services)) {
            throw new NoPortException(host.id(), host.portMin(), host.portMax(), services.size());
        }
    }
}
