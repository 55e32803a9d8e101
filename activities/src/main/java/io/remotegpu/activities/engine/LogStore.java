package io.remotegpu.activities.engine;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.LogPart;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a host leaves what is for environments' users: what it read of their logs, because that never enters a Temporal
 * payload, and what its engine says while it deploys.
 */
public interface LogStore {

    /** The end of a log, in place of what was left before. */
    void keep(UUID environmentId, List<String> lines);

    /**
     * Somebody's wish to follow a log.
     *
     * @param position behind what was handed over last; null for the last lines
     * @param tail how many lines, where there is no position
     * @param ready whether there is room for the next part
     */
    record Followed(
            UUID stream,
            UUID environmentId,
            DeploymentMode mode,
            @Nullable String position,
            int tail,
            boolean ready) {}

    /** What is followed on a host now. */
    List<Followed> followed(String hostId);

    /** Hands over what comes behind that position; the same again, or too late, changes nothing. */
    void offer(String hostId, Followed followed, LogPart part);

    /** What the engine says while it deploys an environment, for its events. */
    void progress(UUID environmentId, String message);
}
