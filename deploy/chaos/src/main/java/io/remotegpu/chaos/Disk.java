package io.remotegpu.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A file system of its own for a folder, which can be full without anybody else's being it. Thread-compatible. */
interface Disk extends AutoCloseable {

    /** From now on nobody can write more than what is there. */
    void fill() throws InterruptedException;

    /** One that is not full stays so. */
    void free() throws InterruptedException;

    /** Full for that long. */
    default boolean fillFor(Duration length) throws InterruptedException {
        fill();
        try {
            Thread.sleep(length);
        } finally {
            free();
        }
        return true;
    }

    @Override
    void close();

    /** What a command said when it failed; nothing when it did not. */
    static String run(String... line) throws InterruptedException {
        var said = Command.call(Map.of(), List.of(line));
        return said.failed() ? said.trouble() + " (status " + said.status() + ")" : "";
    }

    /** Also while somebody is still in it. */
    static void unmount(Path folder) {
        try {
            run("umount", "--lazy", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
