package io.remotegpu.standalone.postgres;

import io.remotegpu.standalone.Console;
import io.remotegpu.standalone.StartupException;
import io.remotegpu.standalone.child.KeptAlive;
import io.remotegpu.standalone.child.Lifeline;
import io.remotegpu.standalone.child.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * PostgreSQL 17 as our child, on the loopback address, its files kept. It is safe to kill at any moment: it recovers from
 * its log at the next start.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    public static final String USER = "remotegpu";
    private static final String DATABASE = "remotegpu";

    private final KeptAlive server;
    private final int port;
    private final String password;

    private EmbeddedPostgres(KeptAlive server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /**
     * Prepares the folder; {@link #start()} starts the server.
     *
     * @param folder where its files are kept
     * @param cache where its programs are unpacked
     * @param logs the folder of log files
     */
    public static EmbeddedPostgres in(Path folder, Path cache, Path logs, Console console)
            throws IOException, InterruptedException {
        Path log = logs.resolve("postgres.log");
        var binaries = PostgresBinaries.unpacked(
                cache, () -> console.say("PostgreSQL", "first start: unpacking its programs"));
        List<String> account = Account.prefix();
        var cluster = new Cluster(folder.toAbsolutePath().normalize(), log);
        cluster.create(binaries, account, console);
        int port = Ports.keep(cluster.port(), 0);
        var kept = new KeptAlive("PostgreSQL", new Postmaster(binaries, account, cluster, port), log, console);
        return new EmbeddedPostgres(kept, port, cluster.password());
    }

    /** Returns when it takes statements and our database exists. */
    public void start() throws InterruptedException {
        server.start();
        try (Connection connection = DriverManager.getConnection(url("postgres"), USER, password);
                Statement statement = connection.createStatement()) {
            var found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'");
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        } catch (SQLException e) {
            throw new StartupException("The embedded PostgreSQL on port " + port + " refuses us: " + e.getMessage(), e);
        }
    }

    /** For JDBC. */
    public String url() {
        return url(DATABASE);
    }

    public String password() {
        return password;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        server.close();
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private record Postmaster(PostgresBinaries binaries, List<String> account, Cluster cluster, int port)
            implements KeptAlive.Server {

        @Override
        public void prepare() throws IOException {
            cluster.clearStaleLock();
        }

        @Override
        public Lifeline.Command command() {
            return Lifeline.Command.of(
                            List.of(
                                    binaries.program("postgres"),
                                    "-D",
                                    cluster.data().toString(),
                                    "-p",
                                    Integer.toString(port),
                                    "-c",
                                    "listen_addresses=127.0.0.1",
                                    // No socket file: its path would be limited to 107 bytes, and its folder ours to
                                    // guard.
                                    "-c",
                                    "unix_socket_directories=",
                                    "-c",
                                    "max_connections=200",
                                    "-c",
                                    "log_checkpoints=off",
                                    "-c",
                                    "timezone=UTC"),
                            // Fast shutdown: open transactions are rolled back, and the next start needs no recovery.
                            "INT",
                            Duration.ofSeconds(20))
                    .through(account);
        }

        @Override
        public boolean answers() {
            try (Connection connection = DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=2&socketTimeout=2",
                    USER,
                    cluster.password())) {
                return connection.isValid(2);
            } catch (SQLException | IOException e) {
                return false;
            }
        }

        @Override
        public Duration patience() {
            // Recovery after an unclean end reads the log since the last checkpoint.
            return Duration.ofMinutes(2);
        }
    }
}
