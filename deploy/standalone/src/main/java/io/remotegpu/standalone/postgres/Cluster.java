package io.remotegpu.standalone.postgres;

import io.remotegpu.standalone.Console;
import io.remotegpu.standalone.StartupException;
import io.remotegpu.standalone.child.Lifeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder that holds the database, and its password beside it. */
final class Cluster {

    /** The version whose files these are; another one cannot read them. */
    private static final String MAJOR = "17";

    private static final Duration TO_END = Duration.ofSeconds(30);

    private final Path folder;
    private final Path log;

    /**
     * @param folder {@code postgres/} of the installation's folder
     * @param log where initdb writes
     */
    Cluster(Path folder, Path log) {
        this.folder = folder;
        this.log = log;
    }

    Path data() {
        return folder.resolve("data");
    }

    Path port() {
        return folder.resolve("port");
    }

    String password() throws IOException {
        return Files.readString(passwordFile(), StandardCharsets.UTF_8).strip();
    }

    /**
     * Makes the folder, unless it is there. It is made under another name and appears when it is complete, so a run that
     * was interrupted in the middle leaves nothing that could be mistaken for a database.
     */
    void create(PostgresBinaries binaries, List<String> account, Console console)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path half = folder.resolve("data.half");
        PostgresBinaries.delete(half);
        if (Files.exists(data())) {
            check();
            return;
        }
        long began = System.nanoTime();
        console.say("PostgreSQL", "first start: creating the database folder");
        writePassword();
        var initdb = Lifeline.Command.of(
                        List.of(
                                binaries.program("initdb"),
                                "--pgdata=" + half,
                                "--username=" + EmbeddedPostgres.USER,
                                "--pwfile=" + passwordFile(),
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8",
                                "--data-checksums"),
                        "TERM",
                        Duration.ofSeconds(5))
                .through(account);
        Lifeline child = Lifeline.start(initdb, log);
        int status;
        try {
            status = child.await();
        } finally {
            child.end();
        }
        if (status != 0) {
            throw new StartupException(
                    "The database folder cannot be made: initdb ended with status " + status + "; see " + log);
        }
        Files.move(half, data(), StandardCopyOption.ATOMIC_MOVE);
        console.say("PostgreSQL", "database folder made in " + Console.secondsSince(began));
    }

    private void check() throws IOException {
        Path version = data().resolve("PG_VERSION");
        String found = Files.exists(version) ? Files.readString(version).strip() : "none";
        if (!found.equals(MAJOR)) {
            throw new StartupException("The database in " + data() + " is of PostgreSQL " + found + ", and this is "
                    + MAJOR + ": move the folder away, or carry its data over with pg_dump");
        }
        if (!Files.exists(passwordFile())) {
            throw new StartupException("The database's password is missing: put " + passwordFile() + " back, or move "
                    + data() + " away to begin anew");
        }
    }

    /**
     * Removes the lock file that an unclean end left. PostgreSQL itself only asks whether some process has that number,
     * which after a reboot is often so. A server of ours that is still on its way down is waited for, then ended.
     */
    void clearStaleLock() throws IOException {
        Path lock = data().resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        ProcessHandle server = owner(lock);
        if (server != null) {
            long deadline = System.nanoTime() + TO_END.toNanos();
            while (server.isAlive() && System.nanoTime() < deadline) {
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted while the last PostgreSQL ends", e);
                }
            }
            // Nobody but us may use this folder, and we hold its lock: an orphan without a lifeline.
            server.destroyForcibly();
        }
        Files.deleteIfExists(lock);
    }

    private @Nullable ProcessHandle owner(Path lock) throws IOException {
        List<String> lines = Files.readAllLines(lock);
        long pid;
        try {
            pid = lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst().strip());
        } catch (NumberFormatException e) {
            return null;
        }
        try {
            String command = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8);
            return command.contains(data().toString()) ? ProcessHandle.of(pid).orElse(null) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private Path passwordFile() {
        return folder.resolve("password");
    }

    private void writePassword() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Files.deleteIfExists(passwordFile());
        Files.createFile(
                passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile(), HexFormat.of().formatHex(random) + "\n", StandardOpenOption.WRITE);
    }
}
