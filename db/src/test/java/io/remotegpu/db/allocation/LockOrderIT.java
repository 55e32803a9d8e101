package io.remotegpu.db.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class LockOrderIT extends DatabaseTest {

    @Autowired
    private DataSource database;

    /** Or it would deadlock with whoever takes hosts in their order. */
    @Test
    void whoeverWaitsForAHostHoldsNoneThatComesAfterIt() throws SQLException {
        host("host-1", 2);
        host("host-2", 1);
        var id = created(user("ann"), Specs.terminal("a", 1));
        try (var breaker = begin();
                var other = begin()) {
            // host-2 is tried first, being fuller; its GPU breaks in the moment in which it is claimed.
            execute(breaker, "UPDATE gpus SET status = 'error' WHERE host_id = 'host-2'");
            execute(other, "SELECT id FROM hosts WHERE id = 'host-1' FOR NO KEY UPDATE");
            var allocation = CompletableFuture.supplyAsync(() -> allocations.allocate(id, Set.of()));
            awaitSomebodyBlockedBy(breaker);
            breaker.commit();
            awaitSomebodyBlockedBy(other);

            execute(other, "SELECT id FROM hosts WHERE id = 'host-2' FOR NO KEY UPDATE");
            other.commit();

            assertThat(allocation.join().hostId()).isEqualTo("host-1");
        }
        assertNothingViolated();
    }

    /** A host that somebody is busy with is not "no capacity": the second look waits for what they leave. */
    @Test
    void aHostThatIsLockedIsWaitedForBeforeNoCapacityIsSaid() throws SQLException {
        host("host-1", 1);
        var id = created(user("ann"), Specs.terminal("a", 1));
        try (var other = begin()) {
            execute(other, "SELECT id FROM hosts WHERE id = 'host-1' FOR NO KEY UPDATE");
            var allocation = CompletableFuture.supplyAsync(() -> allocations.allocate(id, Set.of()));
            awaitSomebodyBlockedBy(other);
            assertThat(allocation).isNotDone();
            other.commit();

            assertThat(allocation.join().hostId()).isEqualTo("host-1");
        }
    }

    @Test
    void aHostThatIsLockedIsPassedOverWhereAnotherHasRoom() throws SQLException {
        host("host-1", 1);
        host("host-2", 2);
        var id = created(user("ann"), Specs.terminal("a", 1));
        try (var other = begin()) {
            execute(other, "SELECT id FROM hosts WHERE id = 'host-1' FOR NO KEY UPDATE");

            assertThat(allocations.allocate(id, Set.of()).hostId()).isEqualTo("host-2");
        }
    }

    private Connection begin() throws SQLException {
        var connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitSomebodyBlockedBy(Connection connection) throws SQLException {
        int pid;
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT pg_backend_pid()")) {
            result.next();
            pid = result.getInt(1);
        }
        await().until(() -> count("pg_stat_activity WHERE ? = ANY (pg_blocking_pids(pid))", pid) > 0);
    }
}
