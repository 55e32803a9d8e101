package io.remotegpu.db.invariants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.OperationKind;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Everything that was ever held is in the log, with who, from and to, whatever statement gave it. */
class HoldingLogIT extends DatabaseTest {

    private long user;

    @BeforeEach
    void aHostWithTwoGpus() {
        host("host-1", 2);
        user = user("ann");
    }

    @Test
    void aLifeIsWrittenDownFromTheFirstReservationToTheDelete() {
        var id = running(user, Specs.terminal("train", 1));
        assertThat(log(id)).containsExactly("compute held", "gpu held", "host held", "port held", "quota held");

        lifecycle.begin(id, "stop-" + id, OperationKind.STOP, "ann");
        reservations.releaseCompute(id);
        allocations.release(id);
        lifecycle.succeed(id, "stop-" + id, EnvironmentStatus.STOPPED);
        assertThat(log(id)).containsExactly("compute over", "gpu over", "host over", "port held", "quota held");

        lifecycle.begin(id, "start-" + id, OperationKind.START, "ann");
        reservations.reserveCompute(id);
        allocations.allocate(id, Set.of());
        lifecycle.succeed(id, "start-" + id, EnvironmentStatus.RUNNING);
        assertThat(log(id))
                .containsExactly(
                        "compute held",
                        "compute over",
                        "gpu held",
                        "gpu over",
                        "host held",
                        "host over",
                        "port held",
                        "quota held");

        lifecycle.begin(id, "delete-" + id, OperationKind.DELETE, "ann");
        ports.release(id);
        allocations.release(id);
        reservations.release(id);
        lifecycle.succeed(id, "delete-" + id, EnvironmentStatus.DELETED);
        assertThat(log(id)).hasSize(8).allMatch(line -> line.endsWith("over"));
        assertNothingViolated();
    }

    @Test
    void whatARefusedCreateHeldIsRememberedAlthoughItsRowsAreGone() {
        var id = created(user, Specs.terminal("refused", 1));
        reservations.reserve(id);
        allocations.allocate(id, Set.of());
        lifecycle.withdraw(id, "create-" + id);

        assertThat(environments.findById(id)).isEmpty();
        assertThat(log(id)).containsExactly("compute over", "gpu over", "host over", "quota over");
        assertNothingViolated();
    }

    @Test
    void givingAndTakingTwiceIsWrittenOnce() {
        var id = created(user, Specs.terminal("twice", 1));
        twice(() -> reservations.reserve(id));
        twice(() -> allocations.allocate(id, Set.of()));
        twice(() -> ports.lease(id));
        twice(() -> ports.release(id));
        twice(() -> allocations.release(id));
        twice(() -> reservations.release(id));
        assertThat(log(id)).containsExactly("compute over", "gpu over", "host over", "port over", "quota over");
    }

    @Test
    void intervalsOfAThingFollowEachOtherAlthoughTheClockWasSetBack() {
        var first = running(user, Specs.terminal("first", 2));
        allocations.release(first);
        // As if it had been given back by a clock that was an hour ahead.
        jdbc.sql("ALTER TABLE holding_log DISABLE TRIGGER keep_holding_log").update();
        jdbc.sql("UPDATE holding_log SET held_to = held_to + interval '1 hour' WHERE kind = 'gpu'")
                .update();
        jdbc.sql("ALTER TABLE holding_log ENABLE TRIGGER keep_holding_log").update();

        var second = running(user, Specs.terminal("second", 2));
        allocations.release(second);

        assertThat(log(second)).contains("gpu over", "gpu over");
        assertThat(count("holding_log a JOIN holding_log b ON a.thing = b.thing AND a.id < b.id AND a.kind = 'gpu'"
                        + " AND b.held_from < a.held_to"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DELETE FROM holding_log",
                "UPDATE holding_log SET environment_id = gen_random_uuid()",
                "UPDATE holding_log SET held_from = held_from - interval '1 s'",
                "UPDATE holding_log SET held_to = now() + interval '1 h', thing = 'gpu/77'",
                "UPDATE holding_log SET held_to = NULL WHERE held_to IS NOT NULL",
                "UPDATE holding_log SET held_to = held_to + interval '1 s' WHERE held_to IS NOT NULL",
                "INSERT INTO holding_log (kind, thing, environment_id, user_id, held_from)"
                        + " SELECT kind, thing, gen_random_uuid(), user_id, clock_timestamp() FROM holding_log"
                        + " WHERE kind = 'gpu' AND held_to IS NULL",
                "INSERT INTO holding_log (kind, thing, environment_id, user_id, held_from, held_to)"
                        + " SELECT kind, thing, gen_random_uuid(), user_id, held_from - interval '1 h', held_from + interval '1 ms'"
                        + " FROM holding_log WHERE kind = 'port' AND held_to IS NULL"
            })
    void whatIsWrittenStaysAndNothingIsHeldByTwo(String forgery) {
        running(user, Specs.terminal("honest", 1));
        stopped(user, Specs.terminal("stopped", 1));

        assertThatThrownBy(() -> jdbc.sql(forgery).update()).isInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void whatIsHeldWhenTheLogIsBroughtInIsInIt() {
        var old = TestDatabase.createEmpty().dataSource();
        Flyway.configure().dataSource(old).target("5").load().migrate();
        var rows = JdbcClient.create(old);
        rows.sql("""
                        INSERT INTO users (id, username, email, password_hash) VALUES (1, 'ann', 'ann@x', 'x');
                        INSERT INTO hosts (id, name, ip_address, total_cpu, total_memory) VALUES ('h', 'h', '10.0.0.1', 8, 8);
                        INSERT INTO environments (id, user_id, name, environment_type, deployment_mode, image, cpu, memory, gpu,
                            storage, status, host_id) SELECT gen_random_uuid(), 1, 'train', 'terminal', 'docker', 'i', 1, 1, 1, 1, 'running', 'h';
                        INSERT INTO gpus (host_id, gpu_index, model, memory, status, allocated_to)
                            SELECT 'h', 0, 'm', 1, 'allocated', id FROM environments;
                        INSERT INTO allocations (environment_id, host_id, cpu, memory) SELECT id, 'h', 1, 1 FROM environments;
                        INSERT INTO gpu_allocations SELECT g.id, 'm', a.id FROM gpus g, allocations a;
                        INSERT INTO port_leases (host_id, port, environment_id, service) SELECT 'h', 22000, id, 'ssh' FROM environments;
                        INSERT INTO reservations (environment_id, user_id, cpu, memory, gpu, storage)
                            SELECT id, 1, 1, 1, 1, 1 FROM environments""").update();

        Flyway.configure().dataSource(old).load().migrate();

        assertThat(rows.sql("SELECT kind FROM holding_log WHERE held_to IS NULL ORDER BY kind")
                        .query(String.class)
                        .list())
                .containsExactly("compute", "gpu", "host", "port", "quota");
        assertThat(new Invariants(rows).violations()).isEmpty();
    }

    private List<String> log(UUID id) {
        return jdbc.sql("""
                        SELECT kind || CASE WHEN held_to IS NULL THEN ' held' ELSE ' over' END FROM holding_log
                        WHERE environment_id = ? AND user_id = ? ORDER BY 1""").params(id, user).query(String.class).list();
    }
}
