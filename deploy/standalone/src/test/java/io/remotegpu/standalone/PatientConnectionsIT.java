package io.remotegpu.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.remotegpu.standalone.postgres.EmbeddedPostgres;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PatientConnectionsIT {

    private static final String INIT = "spring.datasource.hikari.connection-init-sql";

    @TempDir
    static Path folder;

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.in(
                folder.resolve("postgres"),
                Home.cache(System.getenv()),
                folder,
                new Console(new PrintStream(OutputStream.nullOutputStream())));
        postgres.start();
        try (var pool = pool(Map.of());
                var connection = pool.getConnection()) {
            execute(connection, "CREATE TABLE held (x int)");
            execute(connection, "INSERT INTO held VALUES (1)");
        }
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void everyConnectionKnowsHowLongItIsWaitedFor() throws SQLException {
        try (var pool = pool(Map.of());
                var connection = pool.getConnection();
                var statement = connection.createStatement();
                var shown = statement.executeQuery("SHOW idle_in_transaction_session_timeout")) {
            assertThat(shown.next()).isTrue();
            assertThat(shown.getString(1)).isEqualTo("20s");
            assertThat(connection.getNetworkTimeout()).isEqualTo(30_000);
        }
    }

    @Test
    void anAnswerThatNeverComesEndsTheWaiting() throws SQLException {
        try (var pool = pool(Map.of("spring.datasource.hikari.data-source-properties.socketTimeout", "1"));
                var connection = pool.getConnection()) {
            assertThatThrownBy(() -> execute(connection, "SELECT pg_sleep(600)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("I/O error");
        }
    }

    @Test
    void whoForgetsATransactionLosesItsLocks() throws SQLException {
        try (var forgetful = pool(Map.of(INIT, shown().replace("20s", "1s")));
                var next = pool(Map.of());
                var forgotten = forgetful.getConnection();
                var waiting = next.getConnection()) {
            forgotten.setAutoCommit(false);
            execute(forgotten, "UPDATE held SET x = 2");

            execute(waiting, "UPDATE held SET x = 3");

            assertThatThrownBy(() -> execute(forgotten, "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    private static String shown() {
        return String.valueOf(PatientConnections.SETTINGS.get(INIT));
    }

    private static HikariDataSource pool(Map<String, Object> instead) {
        var settings = new HashMap<String, Object>(PatientConnections.SETTINGS);
        settings.putAll(instead);
        var config = new Binder(new MapConfigurationPropertySource(settings))
                .bind("spring.datasource.hikari", Bindable.of(HikariConfig.class))
                .get();
        config.setJdbcUrl(postgres.url());
        config.setUsername(EmbeddedPostgres.USER);
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(1);
        return new HikariDataSource(config);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
