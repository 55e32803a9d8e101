package io.remotegpu.db.environment;

import java.time.Instant;
import java.util.List;

/**
 * The end of an environment's log.
 *
 * @param takenAt when its host read it
 * @param lines oldest first
 */
public record KeptLog(Instant takenAt, List<String> lines) {

    public KeptLog {
        lines = List.copyOf(lines);
    }

    /** The last lines of it. */
    public List<String> tail(int count) {
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }
}
