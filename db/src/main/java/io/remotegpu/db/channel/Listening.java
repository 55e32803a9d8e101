package io.remotegpu.db.channel;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.postgresql.PGConnection;

/** A connection that listens. Not for several threads. */
public final class Listening implements AutoCloseable {

    private final Connection connection;
    private final Channel channel;
    private final Duration askEvery;
    private final int answerSeconds;
    private long asked = System.nanoTime();

    Listening(Connection connection, Channel channel, Duration askEvery, int answerSeconds) {
        this.connection = connection;
        this.channel = channel;
        this.askEvery = askEvery;
        this.answerSeconds = answerSeconds;
    }

    /**
     * What was said since the last call, or is within that time; empty when nothing was.
     *
     * @throws SQLException when the database does not answer any more
     */
    public Set<String> await(Duration atMost) throws SQLException {
        if (System.nanoTime() - asked > askEvery.toNanos()) {
            if (!connection.isValid(answerSeconds)) {
                throw new SQLException("the connection that listens is not answered any more");
            }
            asked = System.nanoTime();
        }
        var heard =
                connection.unwrap(PGConnection.class).getNotifications(Math.toIntExact(Math.max(1, atMost.toMillis())));
        var said = new LinkedHashSet<String>();
        if (heard != null) {
            for (var notification : heard) {
                said.add(notification.getParameter());
            }
        }
        return said;
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            // One that was found dead has nothing to take back.
            if (!connection.isClosed()) {
                try (var statement = connection.createStatement()) {
                    statement.execute("UNLISTEN " + channel.sqlName());
                    statement.execute("RESET application_name");
                }
            }
        }
    }
}
