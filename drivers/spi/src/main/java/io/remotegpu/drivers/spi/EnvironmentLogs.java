package io.remotegpu.drivers.spi;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Optional ability: the output of an environment's main process, as the engine keeps it. */
public interface EnvironmentLogs {

    /** Bytes of one answer; what is older is left out, however few lines that leaves. */
    int MOST_BYTES = 256 * 1024;

    /** Bytes of one part of a log that is read on; what is newer is left for the next. A longer line loses its end. */
    int MOST_BYTES_OF_PART = 32 * 1024;

    /**
     * The last lines, oldest first; empty when there is nothing or no compute. At most {@value #MOST_BYTES} bytes, whatever
     * the environment wrote.
     *
     * @param tail how many lines at most
     */
    List<String> logs(UUID id, int tail);

    /**
     * Reads on: what was written behind a position, each line exactly once however often and with whatever pauses the next
     * position is asked for, also when the compute was replaced in between. A line comes when it is finished. What an engine
     * has dropped meanwhile, because the log is too long or its compute gone, is left out. At most
     * {@value #MOST_BYTES_OF_PART} bytes.
     *
     * @param position of an earlier part; null, or one that this engine did not say, begins with the last lines
     * @param tail how many lines at most there are without a position, at least 1
     */
    LogPart logsAfter(UUID id, @Nullable String position, int tail);
}
