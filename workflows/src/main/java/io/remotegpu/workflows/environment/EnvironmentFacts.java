package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import org.jspecify.annotations.Nullable;

/**
 * What the later operations need to know of an environment.
 *
 * @param hostId where it runs or has its data; absent when it never got that far or nothing is left there
 */
public record EnvironmentFacts(
        String owner, EnvironmentSpec spec, @Nullable String hostId) {}
