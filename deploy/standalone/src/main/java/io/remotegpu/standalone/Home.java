package io.remotegpu.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one folder that holds everything of an installation and is kept between runs.
 *
 * @param root {@code REMOTEGPU_HOME}
 */
record Home(Path root) {

    /**
     * Makes the folders, for their owner's eyes only: keys and passwords live here.
     *
     * @throws StartupException when they cannot be made
     */
    static Home at(Path root) {
        var home = new Home(root.toAbsolutePath().normalize());
        try {
            for (Path folder :
                    new Path[] {home.root, home.postgres(), home.temporal(), home.keys(), home.logs(), home.run()}) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new StartupException(
                    "The folder " + home.root + " cannot be made: " + e.getMessage() + "; set REMOTEGPU_HOME", e);
        }
        return home;
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path temporal() {
        return root.resolve("temporal");
    }

    Path keys() {
        return root.resolve("keys");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path run() {
        return root.resolve("run");
    }

    /**
     * Keeps a second RemoteGPU away until this process ends, however it ends.
     *
     * @throws StartupException when another one has it
     */
    FileChannel lock() {
        try {
            // Beside the launcher's lock on run/lock, for those who start the jar by hand.
            var channel =
                    FileChannel.open(run().resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock;
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null;
            }
            if (lock == null) {
                channel.close();
                throw new StartupException("RemoteGPU already runs in " + root + ": ./remotegpu status says where");
            }
            return channel;
        } catch (IOException e) {
            throw new StartupException("The folder " + root + " cannot be locked: " + e.getMessage(), e);
        }
    }

    /** What {@code ./remotegpu status} reads: one {@code key=value} a line, all of them at once or none. */
    void writeState(Map<String, String> state) throws IOException {
        var text = new StringBuilder();
        state.forEach((key, value) ->
                text.append(key).append('=').append(value.replace('\n', ' ')).append('\n'));
        Path half = run().resolve("state.half");
        Files.writeString(half, text, StandardCharsets.UTF_8);
        Files.move(half, run().resolve("state"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void removeState() throws IOException {
        Files.deleteIfExists(run().resolve("state"));
    }

    /** The cache folder that all installations of a user share: unpacked programs. */
    static Path cache(Map<String, String> environment) {
        String own = environment.getOrDefault("REMOTEGPU_CACHE", "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path parent = shared.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(shared);
        return parent.resolve("remotegpu");
    }
}
