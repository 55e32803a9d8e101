package io.remotegpu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.testing.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the schema refuses by itself, whatever program writes to it. */
class MigrationIT {

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final String ONE = "'00000000-0000-0000-0000-000000000001'";
    private static final String TWO = "'00000000-0000-0000-0000-000000000002'";

    private final JdbcClient jdbc = JdbcClient.create(DATABASE.dataSource());

    @BeforeEach
    void aUserAHostTwoGpusAndTwoEnvironments() {
        jdbc.sql("TRUNCATE users, hosts, environments, gpus, allocations CASCADE")
                .update();
        execute("INSERT INTO users (id, username, email, password_hash) VALUES (1, 'ann', 'ann@x', 'x')");
        execute(
                "INSERT INTO hosts (id, name, ip_address, total_cpu, total_memory) VALUES ('h', 'h', '10.0.0.1', 8, 8)");
        execute(
                "INSERT INTO gpus (id, host_id, gpu_index, uuid, model, memory) VALUES (1, 'h', 0, 'u', 'm', 1), (2, 'h', 1, 'v', 'm', 1)");
        for (var id : new String[] {ONE, TWO}) {
            execute("""
                    INSERT INTO environments (id, user_id, name, environment_type, deployment_mode, image, cpu, memory, gpu,
                        storage, status, host_id)
                    VALUES (%s, 1, 'name' || right(%s, 1), 'ide', 'docker', 'i', 1, 1, 1, 1, 'creating', 'h')""".formatted(id, id));
        }
        execute(
                "INSERT INTO operations (id, environment_id, kind, step, requested_by) VALUES ('o', %s, 'create', 's', 'ann')"
                        .formatted(ONE));
        execute("INSERT INTO allocations (environment_id, host_id, cpu, memory) VALUES (%s, 'h', 2, 3)".formatted(ONE));
        execute("INSERT INTO gpu_allocations (gpu_id, model, allocation_id) SELECT 1, 'm', id FROM allocations");
        execute("UPDATE gpus SET status = 'allocated', allocated_to = %s WHERE id = 1".formatted(ONE));
        execute("INSERT INTO port_leases (host_id, port, environment_id, service) VALUES ('h', 22000, %s, 'ssh')"
                .formatted(ONE));
        execute(
                "INSERT INTO resource_quotas (user_id, cpu, memory, gpu, storage, environment_quota) VALUES (1, 1, 1, 1, 1, 1)");
    }

    @Test
    void theMigrationsRunFromEmptyAndTwice() {
        var flyway = Flyway.configure()
                .dataSource(TestDatabase.createEmpty().dataSource())
                .load();

        assertThat(flyway.migrate().migrationsExecuted).isPositive();
        assertThat(flyway.migrate().migrationsExecuted).isZero();
        flyway.validate();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a second user of the name in another case | INSERT INTO users (username, email, password_hash) VALUES ('ANN', 'b@x', 'x')
            a second user of the address              | INSERT INTO users (username, email, password_hash) VALUES ('b', 'Ann@x', 'x')
            an unknown role                           | UPDATE users SET role = 'root'
            a user deleted with environments          | DELETE FROM users
            a second quota of a user                  | INSERT INTO resource_quotas (user_id, cpu, memory, gpu, storage, environment_quota) VALUES (1, 1, 1, 1, 1, 1)
            a negative quota                          | UPDATE resource_quotas SET gpu = -1
            an unknown host status                    | UPDATE hosts SET status = 'up'
            a port range upside down                  | UPDATE hosts SET port_min = 30000
            a host deleted under its environments     | DELETE FROM hosts
            an unknown status                         | UPDATE environments SET status = 'lost'
            a step that became nothing known          | INSERT INTO environment_events (environment_id, step, outcome) SELECT id, 's', 'lost' FROM environments
            one word of an operator written twice     | INSERT INTO audit_log (actor, action, outcome, key) VALUES ('a', 'b', 202, 'k'), ('a', 'b', 202, 'k')
            an alert of a rule that is none           | INSERT INTO alerts (rule, subject, severity, summary, remedy) VALUES ('noise', 's', 'info', 's', 'r')
            an alert that fires twice                 | INSERT INTO alerts (rule, subject, severity, summary, remedy) VALUES ('finding', 's', 'info', 's', 'r'), ('finding', 's', 'critical', 's', 'r')
            an alert acknowledged by nobody           | INSERT INTO alerts (rule, subject, severity, summary, remedy, acknowledged_at) VALUES ('finding', 's', 'info', 's', 'r', now())
            an alert that is over before it began     | INSERT INTO alerts (rule, subject, severity, summary, remedy, resolved_at) VALUES ('finding', 's', 'info', 's', 'r', now() - interval '1 hour')
            a target twice by name                    | INSERT INTO alert_targets (name, url, secret) VALUES ('a', 'u', 's'), ('A', 'u', 's')
            a delivery to an unknown target           | WITH a AS (INSERT INTO alerts (rule, subject, severity, summary, remedy) VALUES ('finding', 's', 'info', 's', 'r') RETURNING id) INSERT INTO alert_deliveries (alert_id, state, notice, target) SELECT id, 'firing', 1, 'sms' FROM a
            an unknown mode                           | UPDATE environments SET deployment_mode = 'podman'
            an environment without cores              | UPDATE environments SET cpu = 0
            a name twice for one user                 | UPDATE environments SET name = 'NAME1'
            failed without a reason                   | UPDATE environments SET status = 'failed'
            deleted without a time                    | UPDATE environments SET status = 'deleted'
            a time of deletion without being deleted  | UPDATE environments SET deleted_at = now()
            an environment on no host                 | UPDATE environments SET host_id = 'nowhere'
            a second open operation                   | INSERT INTO operations (id, environment_id, kind, step, requested_by) VALUES ('p', $1, 'stop', 's', 'ann')
            an operation ended without an outcome     | UPDATE operations SET ended_at = now()
            an event of nothing                       | INSERT INTO environment_events (environment_id, step, outcome) VALUES (gen_random_uuid(), 's', 'done')
            a secret of an unknown name               | INSERT INTO environment_secrets (environment_id, name, ciphertext) VALUES ($1, 'pin', 'x')
            a second GPU at an index                  | UPDATE gpus SET gpu_index = 0
            a GPU twice by uuid                       | UPDATE gpus SET uuid = 'u'
            an available GPU with a holder            | UPDATE gpus SET allocated_to = $2 WHERE id = 2
            an allocated GPU without a holder         | UPDATE gpus SET status = 'allocated' WHERE id = 2
            a held GPU made available                 | UPDATE gpus SET status = 'available' WHERE id = 1
            a GPU held by nothing that exists         | UPDATE gpus SET status = 'allocated', allocated_to = gen_random_uuid() WHERE id = 2
            an environment deleted with its GPU       | DELETE FROM environments WHERE id = $1
            a second allocation of an environment     | INSERT INTO allocations (environment_id, host_id, cpu, memory) VALUES ($1, 'h', 1, 1)
            an allocation released before it began    | UPDATE allocations SET released_at = allocated_at - interval '1 second'
            a GPU given twice in the history          | WITH a AS (INSERT INTO allocations (environment_id, host_id, cpu, memory) VALUES ($2, 'h', 1, 1) RETURNING id) INSERT INTO gpu_allocations (gpu_id, model, allocation_id) SELECT 1, 'm', id FROM a
            a port leased twice                       | INSERT INTO port_leases (host_id, port, environment_id, service) VALUES ('h', 22000, $2, 'ssh')
            a service leased twice                    | INSERT INTO port_leases (host_id, port, environment_id, service) VALUES ('h', 22001, $1, 'ssh')
            a port that is none                       | UPDATE port_leases SET port = 70000
            a second reservation                      | INSERT INTO reservations (environment_id, user_id, cpu, memory, gpu, storage) VALUES ($1, 1, 1, 1, 1, 1), ($1, 1, 1, 1, 1, 1)
            a run of more GPUs than there are asked   | UPDATE environments SET gpu = 2
            a look that failed and saw something      | INSERT INTO activity_samples (environment_id, pass, connections, trouble) VALUES ($1, now(), 0, 'away')
            one look written twice                    | INSERT INTO activity_samples (environment_id, pass) VALUES ($1, now()), ($1, now())
            a last activity of unknown kernels        | INSERT INTO activity_samples (environment_id, pass, jupyter_last) VALUES ($1, now(), now())
            GPU use of one moment told twice          | INSERT INTO gpu_use_log VALUES ($1, '2026-01-01', '2026-01-03', true), ($1, '2026-01-02', '2026-01-04', false)
            GPU use of no time                        | INSERT INTO gpu_use_log VALUES ($1, '2026-01-01', '2026-01-01', true)
            idle since no time                        | INSERT INTO idle_states (environment_id, judged_at, state, finding) VALUES ($1, now(), 'idle', 'f')
            a warning of what is in use               | INSERT INTO idle_states (environment_id, judged_at, state, finding, warned_at) VALUES ($1, now(), 'in_use', 'f', now())
            more than one installation                | INSERT INTO installation (id, key_fingerprint) VALUES (2, 'x')
            """)
    void isRefused(String what, String sql) {
        assertThatThrownBy(() -> execute(sql.replace("$1", ONE).replace("$2", TWO)))
                .as(what)
                .isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void whatAHostUsesFollowsItsAllocationsWhateverStatementChangesThem() {
        assertThat(used()).isEqualTo("2 3");
        execute("UPDATE allocations SET cpu = 5");
        assertThat(used()).isEqualTo("5 3");
        execute("UPDATE allocations SET released_at = clock_timestamp()");
        assertThat(used()).isEqualTo("0 0");
        execute("UPDATE allocations SET released_at = NULL");
        assertThat(used()).isEqualTo("5 3");
        execute("DELETE FROM allocations");
        assertThat(used()).isEqualTo("0 0");
    }

    private String used() {
        return jdbc.sql("SELECT used_cpu || ' ' || used_memory FROM hosts")
                .query(String.class)
                .single();
    }

    private void execute(String sql) {
        jdbc.sql(sql).update();
    }
}
