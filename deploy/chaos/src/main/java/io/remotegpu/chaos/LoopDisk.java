package io.remotegpu.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One in a file, as real ones are: what maps files of it is not killed when it is full. It is full when another file has taken
 * the rest.
 */
final class LoopDisk implements Disk {

    private static final long SIZE = 2L << 30;
    private static final String BALLAST = "remotegpu-chaos.ballast";

    private final Path folder;
    private boolean mounted = true;

    private LoopDisk(Path folder) {
        this.folder = folder;
    }

    /** @param file becomes the disk; it grows to what is written */
    static LoopDisk at(Path folder, Path file) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (var disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(SIZE);
        }
        String trouble = Disk.run("mkfs.ext4", "-q", "-F", "-m", "0", file.toString());
        if (trouble.isEmpty()) {
            trouble = Disk.run("mount", "-o", "loop", file.toString(), folder.toString());
        }
        if (!trouble.isEmpty()) {
            throw new ChaosException("no file system of its own for " + folder + ": " + trouble);
        }
        return new LoopDisk(folder);
    }

    @Override
    public void fill() throws InterruptedException {
        try {
            var store = Files.getFileStore(folder);
            var ballast = folder.resolve(BALLAST);
            long free = store.getUsableSpace();
            // Whoever writes meanwhile makes it less than that, and it is asked again.
            while (free > 0
                    && !Disk.run("fallocate", "--length", Long.toString(free), ballast.toString())
                            .isEmpty()) {
                free = Math.min(free - 1, store.getUsableSpace());
            }
            Files.write(folder.resolve(BALLAST + ".rest"), new byte[1 << 20]);
            throw new ChaosException(folder + " does not become full");
        } catch (IOException full) {
            // As it is to be.
        }
    }

    @Override
    public void free() {
        try {
            Files.deleteIfExists(folder.resolve(BALLAST));
            Files.deleteIfExists(folder.resolve(BALLAST + ".rest"));
        } catch (IOException e) {
            throw new ChaosException(folder + " stays full: " + e.getMessage(), e);
        }
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
