package io.remotegpu.db.gpu;

import org.jspecify.annotations.Nullable;

/** A GPU registered by hand; memory in bytes. */
public record NewGpu(String hostId, int gpuIndex, @Nullable String uuid, String model, long memory, int linkGroup) {}
