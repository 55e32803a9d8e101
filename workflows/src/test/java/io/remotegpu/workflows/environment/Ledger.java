package io.remotegpu.workflows.environment;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the fake steps were asked, what is held because of it, and which of them are scripted to fail. */
final class Ledger {

    /** A scripted fault of one call. */
    sealed interface Fault {
        /** Nothing happens, and it fails. */
        record Before(RuntimeException failure) implements Fault {}

        /** It happens, and the answer is lost. */
        record After(RuntimeException failure) implements Fault {}

        /** It waits until released or cancelled. */
        record Hang() implements Fault {}
    }

    private final List<String> calls = new ArrayList<>();
    private final Set<String> held = new LinkedHashSet<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();

    synchronized void script(String call, Fault fault) {
        faults.computeIfAbsent(call, ignored -> new ArrayDeque<>()).add(fault);
    }

    /** Runs one call of a fake step; {@code effect} changes what is held. */
    void call(String name, Runnable effect) {
        Fault fault;
        synchronized (this) {
            calls.add(name);
            var queue = faults.get(name);
            fault = queue == null ? null : queue.poll();
        }
        switch (fault) {
            case Fault.Before before -> throw before.failure();
            case Fault.After after -> {
                effect.run();
                throw after.failure();
            }
            case Fault.Hang hang -> {
                effect.run();
                Hanging.untilCancelled();
            }
            case null -> effect.run();
        }
    }

    synchronized void hold(String what) {
        held.add(what);
    }

    synchronized void release(String what) {
        held.remove(what);
    }

    synchronized Set<String> held() {
        return Set.copyOf(held);
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }
}
