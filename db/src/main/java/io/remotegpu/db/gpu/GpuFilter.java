package io.remotegpu.db.gpu;

import org.jspecify.annotations.Nullable;

/**
 * Which GPUs to list; what is absent does not matter.
 *
 * @param model exact, but in any case
 */
public record GpuFilter(
        @Nullable GpuStatus status,
        @Nullable String model,
        @Nullable String hostId) {}
