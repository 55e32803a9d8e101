package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import org.jspecify.annotations.Nullable;

/**
 * Which environments to list; what is absent does not matter.
 *
 * @param status deleted ones are listed only where this says so
 */
public record EnvironmentFilter(
        @Nullable Long userId,
        @Nullable EnvironmentStatus status,
        @Nullable EnvironmentType type,
        @Nullable String hostId) {

    /** Everything that is not deleted. */
    public static EnvironmentFilter all() {
        return new EnvironmentFilter(null, null, null, null);
    }
}
