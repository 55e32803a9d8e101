package io.remotegpu.api.usage;

import io.remotegpu.db.usage.UsageAmounts;
import io.remotegpu.db.usage.UsagePrices;
import io.remotegpu.db.usage.UsageRow;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One sum as answers and exports show it. */
@Schema(name = "UsageRow", description = "What it was not grouped by is null")
record UsageView(
        @Schema(example = "12") @Nullable Long userId,

        @Schema(description = "Null also when there is no such user any more", example = "ada") @Nullable
        String username,

        @Schema(description = "Null also of storage before its environment's first place", example = "host-001")
        @Nullable
        String hostId,

        @Schema(
                description = "A GPU's model when it was given; null of CPU, memory and storage",
                example = "NVIDIA H100")
        @Nullable
        String model,

        @Nullable UUID environmentId,
        @Schema(example = "train-1") @Nullable String environmentName,

        @Schema(description = "When the day or month begins, in UTC", example = "2026-11-01T00:00:00Z") @Nullable
        Instant periodStart,

        @Schema(description = "To the microsecond, nothing rounded: these add up", example = "45000.000000")
        BigDecimal gpuSeconds,

        @Schema(example = "12.500000") BigDecimal gpuHours,

        @Schema(description = "Core-hours", example = "100.000000")
        BigDecimal cpuHours,

        @Schema(example = "800.000000") BigDecimal memoryGibHours,

        @Schema(description = "From the admission until the delete", example = "7200.000000")
        BigDecimal storageGibHours,

        @Schema(description = "Null where the installation has no prices", example = "31.2500") @Nullable
        BigDecimal cost,

        @Schema(
                description =
                        "Of gpu_seconds those in which GPUs were used, by the looks at their environment: by the busiest of its GPUs",
                example = "30000.000000")
        BigDecimal gpuBusySeconds,

        @Schema(description = "Of gpu_seconds those in which GPUs were not used", example = "10000.000000")
        BigDecimal gpuIdleSeconds,

        @Schema(
                description =
                        "The rest of gpu_seconds, of which nothing is known: before the first look at a run, while no look came or"
                                + " could tell, and all from before looks were kept",
                example = "5000.000000")
        BigDecimal gpuUnseenSeconds,

        @Schema(
                description =
                        "Idle seconds as a part of those seen, busy and idle, 0 to 1; null where nothing was seen",
                example = "0.2500")
        @Nullable
        BigDecimal gpuIdleShare) {

    static final List<String> COLUMNS = List.of(
            "user_id",
            "username",
            "host_id",
            "model",
            "environment_id",
            "environment_name",
            "period_start",
            "gpu_seconds",
            "gpu_hours",
            "cpu_hours",
            "memory_gib_hours",
            "storage_gib_hours",
            "cost",
            "gpu_busy_seconds",
            "gpu_idle_seconds",
            "gpu_unseen_seconds",
            "gpu_idle_share");

    /** @param prices null where there are none */
    static UsageView of(UsageRow row, @Nullable UsagePrices prices) {
        var amounts = row.amounts();
        return new UsageView(
                row.userId(),
                row.username(),
                row.hostId(),
                row.model(),
                row.environmentId(),
                row.environmentName(),
                row.periodStart(),
                amounts.gpuSeconds(),
                amounts.gpuHours(),
                amounts.cpuHours(),
                amounts.memoryGibHours(),
                amounts.storageGibHours(),
                prices == null ? null : amounts.cost(prices),
                amounts.gpuBusySeconds(),
                amounts.gpuIdleSeconds(),
                amounts.gpuUnseenSeconds(),
                amounts.gpuIdleShare());
    }

    /** The sum of everything, of nothing in particular. */
    static UsageView of(UsageAmounts sum, @Nullable UsagePrices prices) {
        return of(new UsageRow(null, null, null, null, null, null, null, sum), prices);
    }

    /** In the order of the columns. */
    List<@Nullable Object> cells() {
        return Arrays.asList(
                userId,
                username,
                hostId,
                model,
                environmentId,
                environmentName,
                periodStart,
                gpuSeconds,
                gpuHours,
                cpuHours,
                memoryGibHours,
                storageGibHours,
                cost,
                gpuBusySeconds,
                gpuIdleSeconds,
                gpuUnseenSeconds,
                gpuIdleShare);
    }
}
