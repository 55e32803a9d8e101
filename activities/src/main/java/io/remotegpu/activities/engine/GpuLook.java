package io.remotegpu.activities.engine;

import java.util.Collection;
import java.util.Map;

/** Looks at a machine's GPUs after their use. */
@FunctionalInterface
public interface GpuLook {

    /**
     * Why these GPUs may not be given to somebody else now, by device id: something runs on it, its memory is not free, it is in
     * error, or it cannot be told. Those that are clean are left out, and those that the machine's tool knows nothing of.
     *
     * @param gpus device ids; none means every GPU of the machine
     * @throws io.remotegpu.drivers.spi.DriverException when every GPU is meant, and it cannot be told
     */
    Map<String, String> notClean(Collection<String> gpus) throws InterruptedException;
}
