package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One in memory, so that it costs nothing: for PostgreSQL and Temporal. It is full when its size is what is in it. */
final class MemoryDisk implements Disk {

    private static final String ROOMY = "4g";
    private static final long PAGE = 4096;

    private final Path folder;
    private boolean mounted;

    private MemoryDisk(Path folder) {
        this.folder = folder;
    }

    /** @return nothing can be full where mounting is not allowed, which is said */
    static @Nullable MemoryDisk at(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var disk = new MemoryDisk(folder);
        String trouble = disk.mount("size=" + ROOMY + ",mode=700");
        if (!trouble.isEmpty()) {
            Progress.at("no disk will be full: that takes a file system of its own, and mount says: " + trouble, 0, 0);
            return null;
        }
        disk.mounted = true;
        return disk;
    }

    @Override
    public void fill() throws InterruptedException {
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

    @Override
    public void free() throws InterruptedException {
        String trouble = mount("remount,size=" + ROOMY);
        if (!trouble.isEmpty()) {
            throw new ChaosException(folder + " stays full: " + trouble);
        }
    }

    private String mount(String options) throws InterruptedException {
        return Disk.run("mount", "-t", "tmpfs", "-o", options, "remotegpu-chaos", folder.toString());
    }

    @Override
    public synchronized void close() {
        if (!mounted) {
            return;
        }
        mounted = false;
        Disk.unmount(folder);
    }
}
