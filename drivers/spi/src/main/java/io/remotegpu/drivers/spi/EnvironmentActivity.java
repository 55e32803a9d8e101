package io.remotegpu.drivers.spi;

import java.util.UUID;

/** Optional ability: whether anybody uses an environment, as far as it can be seen. */
public interface EnvironmentActivity {

    /**
     * What is seen now. May take a few seconds; changes nothing, and is no use by itself. What cannot be seen is unknown, never
     * nothing: also all of it, for an environment without compute.
     */
    Activity activity(UUID id);
}
