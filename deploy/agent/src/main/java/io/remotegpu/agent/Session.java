package io.remotegpu.agent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Under which name this agent has its host: kept in a file, so that it goes on at once after a restart, however it ended.
 * The file is locked while the agent runs, because two with one name could not be told apart by the server.
 */
final class Session implements AutoCloseable {

    private final UUID id;
    private final FileChannel lock;

    private Session(UUID id, FileChannel lock) {
        this.id = id;
        this.lock = lock;
    }

    /**
     * @param folder made where it is missing
     * @throws AgentException when another agent runs with it, or it cannot be written
     */
    static Session of(String hostId, Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel lock = lock(folder.resolve(hostId + ".lock"));
            if (lock == null) {
                throw new AgentException("An agent of host '" + hostId + "' runs on this machine already, with "
                        + folder.toAbsolutePath() + ": end that one first.");
            }
            return new Session(kept(folder.resolve(hostId + ".session")), lock);
        } catch (IOException e) {
            throw new AgentException(
                    "The session cannot be kept in " + folder.toAbsolutePath() + " (" + e
                            + "): name a folder that can be written with --state",
                    e);
        }
    }

    UUID id() {
        return id;
    }

    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
        }
        channel.close();
        return null;
    }

    private static UUID kept(Path file) throws IOException {
        if (Files.exists(file)) {
            try {
                return UUID.fromString(Files.readString(file).strip());
            } catch (IllegalArgumentException e) {
                // Cut off in the middle: a new one is as good, after some seconds.
            }
        }
        UUID made = UUID.randomUUID();
        Path half = file.resolveSibling(file.getFileName() + ".half");
        Files.writeString(half, made + "\n");
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return made;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
