package io.remotegpu.api.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the workflows of a test do beside the ordinary. */
public final class Script {

    private static final AtomicReference<@Nullable CountDownLatch> HOLD = new AtomicReference<>();

    /** Operations that are admitted stay under way until {@link #letGo}. */
    public static void hold() {
        HOLD.set(new CountDownLatch(1));
    }

    public static void letGo() {
        var latch = HOLD.getAndSet(null);
        if (latch != null) {
            latch.countDown();
        }
    }

    static @Nullable CountDownLatch latch() {
        return HOLD.get();
    }

    private Script() {}
}
