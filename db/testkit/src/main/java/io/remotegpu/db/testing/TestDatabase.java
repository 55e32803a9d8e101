package io.remotegpu.db.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * An empty database of its own with the migrated schema; milliseconds each, after the server's start.
 *
 * <p>One PostgreSQL server runs per JVM; it ends, and its files go, with the JVM. The migrations in
 * {@code db/migration} on the class path are run once, into a template that each database is copied from.
 */
public final class TestDatabase {

    /** Statements that a test runs to begin with an empty audit: the table's own triggers forbid it to everything else. */
    public static final String EMPTY_AUDIT_LOG = """
            ALTER TABLE audit_log DISABLE TRIGGER USER;
            TRUNCATE audit_log;
            ALTER TABLE audit_log ENABLE TRIGGER USER""";

    private static final String TEMPLATE = "migrated";
    private static final String USER = "postgres";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** Started by the first who needs it. */
    private static final class Server {

        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                var postgres = EmbeddedPostgres.builder()
                        // Enough for 64 callers at once and the pools of several applications.
                        .setServerConfig("max_connections", "400")
                        // What a crash of the machine would lose is of no use to a test.
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .setServerConfig("full_page_writes", "off")
                        .start();
                try (var connection = postgres.getPostgresDatabase().getConnection();
                        var statement = connection.createStatement()) {
                    statement.execute("CREATE DATABASE " + TEMPLATE);
                }
                Flyway.configure()
                        .dataSource(postgres.getDatabase(USER, TEMPLATE))
                        .load()
                        .migrate();
                return postgres;
            } catch (IOException failure) {
                throw new UncheckedIOException("the embedded PostgreSQL did not start", failure);
            } catch (SQLException failure) {
                throw new IllegalStateException("the embedded PostgreSQL could not be prepared", failure);
            }
        }
    }

    /** A new database with the migrated schema. */
    public static TestDatabase create() {
        return create("TEMPLATE " + TEMPLATE);
    }

    /** A new database with nothing in it, for tests of the migrations themselves. */
    public static TestDatabase createEmpty() {
        return create("");
    }

    private static synchronized TestDatabase create(String options) {
        var name = "test_" + COUNT.incrementAndGet();
        try (var connection = Server.POSTGRES.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " " + options);
        } catch (SQLException failure) {
            throw new IllegalStateException("cannot create database " + name, failure);
        }
        return new TestDatabase(name);
    }

    /** Its JDBC URL. */
    public String url() {
        return Server.POSTGRES.getJdbcUrl(USER, name);
    }

    public String username() {
        return USER;
    }

    public String password() {
        return USER;
    }

    /** Connections to it, unpooled. */
    public DataSource dataSource() {
        return Server.POSTGRES.getDatabase(USER, name);
    }
}
