package io.remotegpu.activities.engine;

import java.util.List;
import java.util.UUID;

/** Where a host leaves what it read of an environment's log, because that never enters a Temporal payload. */
@FunctionalInterface
public interface LogStore {

    void keep(UUID environmentId, List<String> lines);
}
