package io.remotegpu.drivers.spi;

import java.util.Map;

/** Optional ability: says what this engine is to keep environments from, by its settings, and does not. */
public interface EnvironmentGuards {

    /**
     * What is not guarded now, as far as deployments and looks at what is there have shown; what is mended is left out again.
     * Asks nobody, never fails and keeps nobody waiting.
     *
     * @return for operators, what is open, why, and what to do, by a short name of the guard such as {@code network}
     */
    Map<String, String> unguarded();
}
