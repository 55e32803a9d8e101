package io.remotegpu.activities.doctor;

import io.remotegpu.db.host.Host;
import io.remotegpu.db.invariants.Invariant;
import io.remotegpu.db.invariants.Invariants;
import io.remotegpu.db.invariants.Severity;
import io.remotegpu.db.reconcile.FindingFilter;
import io.remotegpu.db.reconcile.Findings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether the database answers, is of this version, and says what is true. */
final class DatabaseExamination {

    private static final int OLDEST = 17;
    private static final int MOST = 1000;
    private static final int CONNECT_MILLIS = 2000;
    private static final Set<String> INVARIANTS =
            Arrays.stream(Invariant.values()).map(Invariant::wireName).collect(Collectors.toUnmodifiableSet());

    private record Service(String environment, String name, String host, int port) {}

    private final JdbcClient jdbc;

    private DatabaseExamination(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Null when there is nothing more to ask it. */
    static @Nullable DatabaseExamination of(DataSource database, List<Diagnosis> found) {
        try {
            var rows = new DatabaseExamination(JdbcClient.create(database));
            rows.versionAndClock(found);
            return isOfThisVersion(database, found) ? rows : null;
        } catch (DataAccessException | FlywayException failure) {
            found.add(
                    Diagnosis.unchecked(
                            "database",
                            "the database does not answer: " + failure.getMessage(),
                            "See ./remotegpu status; with a database of your own, see that REMOTEGPU_DATABASE_URL is right and it runs."));
            return null;
        }
    }

    private void versionAndClock(List<Diagnosis> found) {
        var before = Instant.now();
        var theirs = new Findings(jdbc).now();
        found.add(Clocks.compare("the database's", before, theirs, Instant.now()));
        var version = jdbc.sql("SHOW server_version_num").query(Integer.class).single() / 10_000;
        found.add(
                version >= OLDEST
                        ? Diagnosis.fine("database", "PostgreSQL " + version + " answers")
                        : Diagnosis.finding(
                                "versions",
                                "PostgreSQL is " + version,
                                "RemoteGPU is tested with " + OLDEST + ": upgrade it."));
    }

    private static boolean isOfThisVersion(DataSource database, List<Diagnosis> found) {
        var info = Flyway.configure().dataSource(database).load().info();
        var current = info.current();
        if (current == null || info.pending().length > 0) {
            found.add(Diagnosis.finding(
                    "versions",
                    "the database's schema is older than this program: " + info.pending().length
                            + " migrations are missing",
                    "Start the server of this version once: it brings the schema up to date."));
            return false;
        }
        var failed = Arrays.stream(info.all())
                .filter(migration -> migration.getState().isFailed()
                        || migration.getState().name().startsWith("FUTURE"))
                .toList();
        if (!failed.isEmpty()) {
            found.add(Diagnosis.finding(
                    "versions",
                    "the database's schema is newer than this program, or a migration of it failed: "
                            + failed.getFirst().getScript(),
                    "Use the program of the version that made the schema."));
            return false;
        }
        found.add(Diagnosis.fine("versions", "the schema is of version " + current.getVersion()));
        return true;
    }

    /**
     * @param looked whether the engines were asked just now
     * @param hostId this machine, whose environments' ports are tried
     */
    void examine(boolean looked, @Nullable String hostId, List<Diagnosis> found) {
        try {
            invariants(found);
            findings(looked, found);
            silentHosts(found);
            unguarded(found);
            if (hostId != null) {
                ports(hostId, found);
            }
        } catch (DataAccessException failure) {
            found.add(Diagnosis.unchecked(
                    "database", "it stopped answering: " + failure.getMessage(), "See ./remotegpu status."));
        }
    }

    private void invariants(List<Diagnosis> found) {
        var violations = new Invariants(jdbc).check();
        violations.forEach(violation -> found.add(Diagnosis.finding(
                "invariants", violation.found(), violation.invariant().remedy())));
        if (violations.isEmpty()) {
            found.add(Diagnosis.fine("invariants", "all " + INVARIANTS.size() + " are true of the rows"));
        }
    }

    /** The engines' side, as the reconciler wrote it down; of old findings nothing is known without a new look. */
    private void findings(boolean looked, List<Diagnosis> found) {
        if (!looked) {
            return;
        }
        new Findings(jdbc)
                .search(new FindingFilter(true, null, null, null, null), 0, MOST).stream()
                        .filter(finding -> !INVARIANTS.contains(finding.check()))
                        .forEach(finding -> found.add(
                                finding.severity().equals(Severity.INFO.wireName())
                                        ? Diagnosis.unchecked("engines", finding.found(), finding.remedy())
                                        : Diagnosis.finding("engines", finding.found(), finding.remedy())));
    }

    private void silentHosts(List<Diagnosis> found) {
        var silent = jdbc.sql("""
                        SELECT id || ', which is ' || status || CASE WHEN last_heartbeat IS NULL THEN ', was never heard of'
                            ELSE ', was last heard of at ' || date_trunc('second', last_heartbeat) END
                        FROM hosts WHERE status IN ('active', 'quarantined', 'draining')
                            AND (last_heartbeat IS NULL OR last_heartbeat < clock_timestamp() - interval '90 seconds')
                            AND NOT (status = 'draining' AND deployment_modes = '{simulated}')
                        ORDER BY id""").query(String.class).list();
        silent.forEach(host -> found.add(Diagnosis.finding(
                "hosts",
                "host " + host,
                "See that its agent runs and reaches this server; what is on it stays accounted for until then.")));
        if (silent.isEmpty()) {
            found.add(Diagnosis.fine("hosts", "all that should be heard of are"));
        }
    }

    /** What hosts say of themselves; a setting that wants more than their machines can refuses to deploy there. */
    private void unguarded(List<Diagnosis> found) {
        var open = jdbc.sql("""
                        SELECT 'host ' || h.id || ': ' || fact.value FROM hosts h CROSS JOIN LATERAL jsonb_each_text(h.facts) AS fact
                        WHERE h.status IN ('active', 'quarantined', 'draining') AND starts_with(fact.key, ?)
                        ORDER BY h.id, fact.key""").param(Host.UNGUARDED).query(String.class).list();
        open.forEach(
                said -> found.add(
                        Diagnosis.warning(
                                "guards",
                                said,
                                "See \"What environments cannot reach\" in docs/operations.md; what is meant to be open, set to off.")));
        if (open.isEmpty()) {
            found.add(Diagnosis.fine("guards", "no host says that something is open that is to be closed"));
        }
    }

    private void ports(String hostId, List<Diagnosis> found) {
        var services = jdbc.sql("""
                        SELECT e.id::text AS environment, l.service AS name, h.ip_address AS host, l.port
                        FROM port_leases l JOIN environments e ON e.id = l.environment_id JOIN hosts h ON h.id = l.host_id
                        WHERE e.status = 'running' AND e.deployment_mode <> 'simulated' AND h.id = ? ORDER BY l.port""").param(hostId).query(Service.class).list();
        var closed = services.stream().filter(service -> !isOpen(service)).toList();
        closed.forEach(service -> found.add(Diagnosis.finding(
                "ports",
                service.name() + " of environment " + service.environment() + " does not answer on " + service.host()
                        + ":" + service.port(),
                "See its log, and that no firewall of this machine is in between; its user can stop and start it.")));
        if (closed.isEmpty()) {
            found.add(Diagnosis.fine(
                    "ports", "all " + services.size() + " of the running environments of " + hostId + " answer"));
        }
    }

    private static boolean isOpen(Service service) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(service.host(), service.port()), CONNECT_MILLIS);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }
}
