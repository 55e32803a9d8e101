package io.remotegpu.db.host;

import org.jspecify.annotations.Nullable;

/**
 * What a host says of one of its GPUs.
 *
 * @param memory bytes
 * @param error what is wrong with it, or nothing
 * @param linkGroup GPUs of one group (NVLink, NUMA node) are given together where possible
 */
public record GpuReport(
        int index,
        @Nullable String uuid,
        String model,
        long memory,
        @Nullable String error,
        int linkGroup) {}
