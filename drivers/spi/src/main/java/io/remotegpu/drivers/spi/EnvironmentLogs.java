package io.remotegpu.drivers.spi;

import java.util.List;
import java.util.UUID;

/** Optional ability: the output of an environment's main process, as the engine keeps it. */
public interface EnvironmentLogs {

    /** Bytes of one answer; what is older is left out, however few lines that leaves. */
    int MOST_BYTES = 256 * 1024;

    /**
     * The last lines, oldest first; empty when there is nothing or no compute. At most {@value #MOST_BYTES} bytes, whatever
     * the environment wrote.
     *
     * @param tail how many lines at most
     */
    List<String> logs(UUID id, int tail);
}
