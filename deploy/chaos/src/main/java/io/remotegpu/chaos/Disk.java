package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file system of its own for the folder of PostgreSQL and Temporal, which can be full: its size is set to what is in it.
 * In memory, so that a full one costs nothing and nobody else's is.
 */
final class Disk implements AutoCloseable {

    private static final String ROOMY = "4g";
    private static final long PAGE = 4096;

    private final Path folder;
    private boolean mounted;

    private Disk(Path folder) {
        this.folder = folder;
    }

    /** @return nothing can be full where mounting is not allowed, which is said */
    static @Nullable Disk at(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var disk = new Disk(folder);
        String trouble = disk.mount("size=" + ROOMY + ",mode=700");
        if (!trouble.isEmpty()) {
            Progress.at("no disk will be full: that takes a file system of its own, and mount says: " + trouble, 0, 0);
            return null;
        }
        disk.mounted = true;
        return disk;
    }

    /** From now on nobody can write more than what is there. */
    void fill() throws InterruptedException {
        try {
            FileStore store = Files.getFileStore(folder);
            long used = store.getTotalSpace() - store.getUnallocatedSpace();
            // Whoever writes meanwhile makes it more than that, and it is asked again.
            for (int more = 0; more < 64; more++) {
                if (mount("remount,size=" + (used + more * more * PAGE)).isEmpty()) {
                    return;
                }
            }
            throw new ChaosException(folder + " does not become full");
        } catch (IOException e) {
            throw new ChaosException(folder + " cannot be looked at: " + e.getMessage(), e);
        }
    }

    /** One that is not full stays so. */
    void free() throws InterruptedException {
        String trouble = mount("remount,size=" + ROOMY);
        if (!trouble.isEmpty()) {
            throw new ChaosException(folder + " stays full: " + trouble);
        }
    }

    private String mount(String options) throws InterruptedException {
        return run(List.of("mount", "-t", "tmpfs", "-o", options, "remotegpu-chaos", folder.toString()));
    }

    /** What it said when it failed; nothing when it did not. */
    private static String run(List<String> command) throws InterruptedException {
        var said = Command.call(Map.of(), command);
        return said.failed() ? said.trouble() + " (status " + said.status() + ")" : "";
    }

    @Override
    public synchronized void close() {
        if (!mounted) {
            return;
        }
        mounted = false;
        try {
            // Also while somebody is still in it.
            run(List.of("umount", "--lazy", folder.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
