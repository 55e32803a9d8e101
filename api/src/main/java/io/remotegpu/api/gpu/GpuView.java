package io.remotegpu.api.gpu;

import io.remotegpu.db.gpu.Gpu;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A GPU as answers show it. */
@Schema(name = "Gpu")
record GpuView(
        @Schema(example = "1") long id,
        @Schema(example = "host-001") String hostId,
        @Schema(example = "0") int gpuIndex,

        @Schema(example = "GPU-8f6d0f0e-1b7a-4c59-9a52-0b1f7c1f6c11") @Nullable
        String uuid,

        @Schema(example = "NVIDIA H100") String model,

        @Schema(description = "Bytes", example = "85899345920")
        long memory,

        @Schema(description = "GPUs of one group are given together where possible")
        int linkGroup,

        @Schema(allowableValues = {"available", "allocated", "error"})
        String status,

        @Schema(description = "Why it is in error") @Nullable
        String statusReason,

        @Schema(description = "The environment that holds it, or null") @Nullable
        UUID allocatedTo,

        Instant createdAt,
        Instant updatedAt) {

    static GpuView of(Gpu gpu) {
        return new GpuView(
                gpu.id(),
                gpu.hostId(),
                gpu.gpuIndex(),
                gpu.uuid(),
                gpu.model(),
                gpu.memory(),
                gpu.linkGroup(),
                gpu.status().wireName(),
                gpu.statusReason(),
                gpu.allocatedTo(),
                gpu.createdAt(),
                gpu.updatedAt());
    }
}
