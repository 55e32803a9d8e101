package io.remotegpu.db.channel;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;

/** Hears what the database says. */
@Component
public class Channels {

    /** Who only listens never learns that the other side is gone: it asks now and then. */
    private static final Duration ASK_EVERY = Duration.ofSeconds(15);

    private static final int ANSWER_SECONDS = 5;

    private final DataSource dataSource;

    Channels(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Listens from now on, on a connection of its own. */
    public Listening listen(Channel channel) throws SQLException {
        return listen(channel, ASK_EVERY, ANSWER_SECONDS);
    }

    Listening listen(Channel channel, Duration askEvery, int answerSeconds) throws SQLException {
        var connection = dataSource.getConnection();
        try (var statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            // Seen in pg_stat_activity, where idle connections look alike.
            statement.execute("SET application_name = 'remotegpu listens to " + channel.sqlName() + "'");
            statement.execute("LISTEN " + channel.sqlName());
            return new Listening(connection, channel, askEvery, answerSeconds);
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }
}
