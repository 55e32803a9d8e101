package io.remotegpu.workflows.broken;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;

public class StartsThread {
    private final ReentrantLock lock = new ReentrantLock();

    void thread() {
        Thread.ofVirtual().start(lock::unlock);
    }

    void submit(ExecutorService executor) {
        executor.close();
    }

    boolean exists(Path path) {
        return Files.exists(path);
    }

    int chance(Random random) {
        return random.nextInt();
    }
}
