package io.remotegpu.drivers.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an environment is used at one moment. Null is unknown, which is not the same as unused.
 *
 * @param connections from outside to its services; those that are over within a second do not count, except many of them to
 *     TensorBoard, which has no others: those of the last minute
 * @param cpuNanos CPU time that it used since it was brought up; two of them tell how much it used in between
 * @param gpuPercent how busy the busiest of its GPUs is
 * @param jupyter what its notebook server says; unknown also where there is none
 */
public record Activity(
        @Nullable Integer connections,
        @Nullable Long cpuNanos,
        @Nullable Integer gpuPercent,
        @Nullable Jupyter jupyter) {

    /**
     * @param busyKernels kernels that compute, or are starting
     * @param lastActivity when a kernel or a terminal last did something; absent without any
     */
    public record Jupyter(int busyKernels, @Nullable Instant lastActivity) {}

    /** Nothing is known. */
    public static Activity unknown() {
        return new Activity(null, null, null, null);
    }
}
