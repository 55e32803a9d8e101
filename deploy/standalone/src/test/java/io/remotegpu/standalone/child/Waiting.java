package io.remotegpu.standalone.child;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for conditions, not for seconds. */
public final class Waiting {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            Thread.sleep(20);
        }
    }

    /** The number that a child writes into a file when it runs. */
    static long pidIn(Path file) throws Exception {
        until(
                "a pid in " + file,
                () -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        return Long.parseLong(Files.readString(file).strip());
    }

    /** Zombies, which wait for a parent to look, are gone. */
    public static boolean gone(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()
                || ProcessHandle.of(pid)
                        .flatMap(handle -> handle.info().command())
                        .isEmpty();
    }

    private Waiting() {}
}
