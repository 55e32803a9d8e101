package io.remotegpu.activities.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a step where it stands until the test lets it go on. */
public final class Gate implements StepFaults.Hook {

    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    @Override
    public void run() {
        arrived.countDown();
        await(open, "nobody opened the gate");
    }

    /** Returns when the step stands at the gate. */
    public void awaitArrival() {
        await(arrived, "no step came to the gate");
    }

    public void open() {
        open.countDown();
    }

    private static void await(CountDownLatch latch, String otherwise) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(otherwise);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the gate", e);
        }
    }
}
