package io.remotegpu.standalone.postgres;

import static io.remotegpu.standalone.child.Waiting.gone;
import static io.remotegpu.standalone.child.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.standalone.Console;
import io.remotegpu.standalone.StartupException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    @TempDir
    static Path cache;

    @TempDir
    Path folder;

    @Test
    void dataAndPortAndPasswordLastFromRunToRun() throws Exception {
        String url;
        try (var postgres = started()) {
            url = postgres.url();
            execute(postgres, "CREATE TABLE kept (x int)");
        }
        assertThat(gone(postmaster())).isTrue();
        try (var postgres = started()) {
            assertThat(postgres.url()).isEqualTo(url);
            execute(postgres, "INSERT INTO kept VALUES (1)");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void itAsksForThePassword() throws Exception {
        try (var postgres = started()) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.url(), EmbeddedPostgres.USER, "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void aFolderThatWasHalfMadeIsMadeAnew() throws Exception {
        Path half = folder.resolve("data.half");
        Files.createDirectories(half.resolve("base"));
        Files.writeString(half.resolve("PG_VERSION"), "17\n");

        try (var postgres = started()) {
            execute(postgres, "SELECT 1");
        }
        assertThat(half).doesNotExist();
    }

    @Test
    void programsThatWereHalfUnpackedAreNotUsed() throws Exception {
        Path own = folder.resolve("cache");
        Files.createDirectories(own.resolve("postgres").resolve(".unpacking-1").resolve("bin"));

        var binaries = PostgresBinaries.unpacked(own, () -> {});

        assertThat(Path.of(binaries.program("postgres"))).isExecutable();
    }

    @Test
    void aServerThatIsKilledComesBackWithItsData() throws Exception {
        try (var postgres = started()) {
            execute(postgres, "CREATE TABLE kept AS SELECT 42 AS x");
            long first = postmaster();

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            until("another server answers", () -> {
                try {
                    execute(postgres, "UPDATE kept SET x = 43");
                    return postmaster() != first;
                } catch (SQLException | IllegalStateException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void aLockFileWithTheNumberOfSomeOtherProcessIsStale() throws Exception {
        started().close();
        Path lock = folder.resolve("data").resolve("postmaster.pid");
        Files.writeString(lock, ProcessHandle.current().pid() + "\n" + folder.resolve("data") + "\n");

        try (var postgres = started()) {
            execute(postgres, "SELECT 1");
        }
    }

    @Test
    void dataOfAnotherVersionIsLeftAlone() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data").resolve("PG_VERSION"), "14\n");

        assertThatThrownBy(this::started)
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("PostgreSQL 14")
                .hasMessageContaining("pg_dump");
    }

    private EmbeddedPostgres started() throws Exception {
        var console = new Console(new PrintStream(OutputStream.nullOutputStream()));
        var postgres = EmbeddedPostgres.in(folder, cache, folder.resolve("logs"), console);
        postgres.start();
        return postgres;
    }

    /** Its pid while it runs; afterwards, one that is nobody's. */
    private long postmaster() throws Exception {
        Path lock = folder.resolve("data").resolve("postmaster.pid");
        List<String> lines = Files.exists(lock) ? Files.readAllLines(lock) : List.of();
        return lines.isEmpty() ? Long.MAX_VALUE : Long.parseLong(lines.getFirst());
    }

    private static void execute(EmbeddedPostgres postgres, String statement) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(postgres.url(), EmbeddedPostgres.USER, postgres.password());
                var each = connection.createStatement()) {
            each.execute(statement);
        }
    }
}
