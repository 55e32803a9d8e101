package io.remotegpu.drivers.simulated;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Faults in the order in which they were asked for, each once or several times; afterwards all goes well. Counts the
 * calls. Thread-safe.
 */
public final class ScriptedFaults implements Faults {

    private record Moment(DriverCall call, boolean after) {}

    private record Failure(ErrorKind kind, int port) {}

    private final Map<Moment, Deque<Failure>> script = new ConcurrentHashMap<>();
    private final Map<DriverCall, AtomicInteger> calls = new ConcurrentHashMap<>();

    /** The next calls of that sort fail without having done anything. */
    public ScriptedFaults failBefore(DriverCall call, ErrorKind kind, int times) {
        return add(new Moment(call, false), new Failure(kind, 0), times);
    }

    /** The next calls of that sort do their work, then fail: an answer that was lost. */
    public ScriptedFaults failAfter(DriverCall call, ErrorKind kind, int times) {
        return add(new Moment(call, true), new Failure(kind, 0), times);
    }

    /** The next deployment finds that port taken on the host. */
    public ScriptedFaults portTaken(int port) {
        return add(new Moment(DriverCall.DEPLOY, false), new Failure(ErrorKind.PORT_TAKEN, port), 1);
    }

    /** How many calls of that sort began. */
    public int calls(DriverCall call) {
        return calls.getOrDefault(call, new AtomicInteger()).get();
    }

    @Override
    public void before(DriverCall call, @Nullable UUID id) {
        calls.computeIfAbsent(call, ignored -> new AtomicInteger()).incrementAndGet();
        play(new Moment(call, false));
    }

    @Override
    public void after(DriverCall call, @Nullable UUID id) {
        play(new Moment(call, true));
    }

    private ScriptedFaults add(Moment moment, Failure failure, int times) {
        Deque<Failure> failures = script.computeIfAbsent(moment, ignored -> new ArrayDeque<>());
        synchronized (failures) {
            for (int i = 0; i < times; i++) {
                failures.add(failure);
            }
        }
        return this;
    }

    private void play(Moment moment) {
        Deque<Failure> failures = script.get(moment);
        if (failures == null) {
            return;
        }
        Failure failure;
        synchronized (failures) {
            failure = failures.poll();
        }
        if (failure == null) {
            return;
        }
        String message = "scripted fault " + (moment.after ? "after " : "before ") + moment.call;
        throw failure.kind == ErrorKind.PORT_TAKEN
                ? DriverException.portTaken(failure.port, message, null)
                : new DriverException(failure.kind, message);
    }
}
