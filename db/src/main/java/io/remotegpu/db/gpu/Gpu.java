package io.remotegpu.db.gpu;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * One allocatable device of a host.
 *
 * @param gpuIndex as {@code nvidia-smi} counts
 * @param uuid the device's own id; absent for devices registered by hand without one
 * @param memory bytes
 * @param linkGroup GPUs of one group are given together where possible
 * @param statusReason why it is in error
 * @param reported whether its host itself has ever named it
 * @param allocatedTo the environment that holds it; also one in error may be held
 */
@Table("gpus")
public record Gpu(
        @Id long id,
        String hostId,
        int gpuIndex,
        @Nullable String uuid,
        String model,
        long memory,
        int linkGroup,
        GpuStatus status,
        @Nullable String statusReason,
        boolean reported,
        @Nullable UUID allocatedTo,
        Instant createdAt,
        Instant updatedAt) {

    /** The reason of an error that ends as soon as the host names the GPU again. */
    public static final String NOT_REPORTED = "its host does not report it";
}
