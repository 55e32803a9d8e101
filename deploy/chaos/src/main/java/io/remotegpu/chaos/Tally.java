package io.remotegpu.chaos;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts things by name. Thread-safe. */
final class Tally {

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void add(String name) {
        add(name, 1);
    }

    void add(String name, long count) {
        counts.computeIfAbsent(name, _ -> new LongAdder()).add(count);
    }

    long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** In the order of the names. */
    Map<String, Long> counts() {
        var sorted = new ConcurrentSkipListMap<String, Long>();
        counts.forEach((name, count) -> sorted.put(name, count.sum()));
        return sorted;
    }
}
