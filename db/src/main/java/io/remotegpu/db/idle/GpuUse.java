package io.remotegpu.db.idle;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An environment that holds GPUs.
 *
 * @param user its owner's name
 * @param gpus how many it holds
 * @param percent how busy the busiest of them was lately; null when nobody looked, or could tell
 */
public record GpuUse(
        UUID environmentId, String user, int gpus, @Nullable Integer percent) {}
