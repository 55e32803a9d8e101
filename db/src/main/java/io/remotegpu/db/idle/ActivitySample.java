package io.remotegpu.db.idle;

import io.remotegpu.drivers.spi.Activity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One look at one environment.
 *
 * @param trouble why it could not be looked at; then nothing is known
 */
public record ActivitySample(
        Instant at, Activity activity, @Nullable String trouble) {}
