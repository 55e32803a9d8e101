package io.remotegpu.api.testing;

import io.remotegpu.workflows.environment.HandRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the workflows of a test do beside the ordinary. */
public final class Script {

    private static final AtomicReference<@Nullable CountDownLatch> HOLD = new AtomicReference<>();
    private static final AtomicReference<@Nullable CountDownLatch> LINGER = new AtomicReference<>();
    private static final Queue<String> HEARD = new ConcurrentLinkedQueue<>();
    private static final AtomicReference<@Nullable String> LOG_REFUSAL = new AtomicReference<>();

    /** Operations that are admitted stay under way until {@link #letGo}. */
    public static void hold() {
        HOLD.set(new CountDownLatch(1));
    }

    /** Operations that have ended in the rows stay open in Temporal until {@link #letGo}. */
    public static void linger() {
        LINGER.set(new CountDownLatch(1));
    }

    public static void letGo() {
        LOG_REFUSAL.set(null);
        open(HOLD);
        open(LINGER);
    }

    private static void open(AtomicReference<@Nullable CountDownLatch> gate) {
        var latch = gate.getAndSet(null);
        if (latch != null) {
            latch.countDown();
        }
    }

    /** What hosts find in logs. */
    public static List<String> log() {
        return List.of("first line", "second line", "third line");
    }

    /** Reading a log fails with that type, until {@link #letGo}. */
    public static void refuseLogs(String type) {
        LOG_REFUSAL.set(type);
    }

    /** What operators said to workflows, in order, since it was asked for last. */
    public static List<String> heard() {
        var heard = new ArrayList<String>();
        for (var word = HEARD.poll(); word != null; word = HEARD.poll()) {
            heard.add(word);
        }
        return heard;
    }

    static void hear(String what, HandRequest request) {
        HEARD.add(what + " by " + request.by() + " because " + request.reason() + " for " + request.operationId());
    }

    static @Nullable String logRefusal() {
        return LOG_REFUSAL.get();
    }

    static @Nullable CountDownLatch latch() {
        return HOLD.get();
    }

    static @Nullable CountDownLatch lingering() {
        return LINGER.get();
    }

    private Script() {}
}
