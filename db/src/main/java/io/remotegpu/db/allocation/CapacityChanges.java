package io.remotegpu.db.allocation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.stereotype.Component;

/**
 * Hears, by PostgreSQL's NOTIFY, that something committed may let somebody go who waits for capacity: the triggers of the
 * tables say so, whoever changed them.
 */
@Component
public class CapacityChanges {

    /** Who only listens never learns that the other side is gone: it asks now and then. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(15);

    private static final int ANSWER_SECONDS = 5;

    private final DataSource dataSource;

    CapacityChanges(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Listens from now on, on a connection of its own. */
    public Listening listen() throws SQLException {
        return listen(ASK_EVERY, ANSWER_SECONDS);
    }

    Listening listen(Duration askEvery, int answerSeconds) throws SQLException {
        var connection = dataSource.getConnection();
        try (var statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("LISTEN capacity");
            return new Listening(connection, askEvery, answerSeconds);
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    /** Not for several threads. */
    public static final class Listening implements AutoCloseable {

        private final Connection connection;
        private final Duration askEvery;
        private final int answerSeconds;
        private long asked = System.nanoTime();

        private Listening(Connection connection, Duration askEvery, int answerSeconds) {
            this.connection = connection;
            this.askEvery = askEvery;
            this.answerSeconds = answerSeconds;
        }

        /**
         * Whether something changed since the last call, or does within that time.
         *
         * @throws SQLException when the database does not answer any more
         */
        public boolean await(Duration atMost) throws SQLException {
            if (System.nanoTime() - asked > askEvery.toNanos()) {
                if (!connection.isValid(answerSeconds)) {
                    throw new SQLException("the connection that listens is not answered any more");
                }
                asked = System.nanoTime();
            }
            var heard = connection
                    .unwrap(PGConnection.class)
                    .getNotifications(Math.toIntExact(Math.max(1, atMost.toMillis())));
            return heard != null && heard.length > 0;
        }

        @Override
        public void close() throws SQLException {
            try (connection) {
                // One that was found dead has nothing to take back.
                if (!connection.isClosed()) {
                    try (var statement = connection.createStatement()) {
                        statement.execute("UNLISTEN capacity");
                    }
                }
            }
        }
    }
}
