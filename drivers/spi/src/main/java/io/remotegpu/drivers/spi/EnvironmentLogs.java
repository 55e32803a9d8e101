package io.remotegpu.drivers.spi;

import java.util.List;
import java.util.UUID;

/** Optional ability: the output of an environment's main process, as the engine keeps it. */
public interface EnvironmentLogs {

    /**
     * The last lines, oldest first; empty when there is nothing or no compute.
     *
     * @param tail how many lines at most
     */
    List<String> logs(UUID id, int tail);
}
