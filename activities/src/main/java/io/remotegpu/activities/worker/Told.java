package io.remotegpu.activities.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Who was told that it has a place, and when: every change makes a pass, and whoever does not answer must not be told with
 * each, because Temporal takes a limited number of signals for one workflow.
 */
final class Told {

    private final Duration again;
    private final Map<UUID, Long> times = new HashMap<>();

    /** @param again after what time whoever has not answered is told once more */
    Told(Duration again) {
        this.again = again;
    }

    /**
     * Those who are to be told now.
     *
     * @param granted all who have a place and did not take it up; who is not among them is forgotten
     * @param now {@link System#nanoTime()}
     */
    List<UUID> due(Collection<UUID> granted, long now) {
        times.keySet().retainAll(granted);
        var due = granted.stream()
                .filter(id -> {
                    var before = times.get(id);
                    return before == null || now - before >= again.toNanos();
                })
                .toList();
        due.forEach(id -> times.put(id, now));
        return due;
    }
}
