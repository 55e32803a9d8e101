package io.remotegpu.drivers.spi;

import org.jspecify.annotations.Nullable;

/**
 * One GPU given to an environment.
 *
 * @param index its index on the host, as {@code nvidia-smi} counts
 * @param uuid the device's own id ({@code GPU-…} or {@code MIG-…}); absent for devices registered by hand without one
 * @param model for example {@code "NVIDIA H100"}
 * @param memory bytes
 */
public record GpuDevice(int index, @Nullable String uuid, String model, long memory) {}
