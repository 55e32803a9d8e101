package io.remotegpu.db.usage;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What an hour costs.
 *
 * @param gpuHour by the model's name in small letters
 * @param otherGpuHour of a GPU whose model is not among them
 */
public record UsagePrices(
        Map<String, BigDecimal> gpuHour,
        BigDecimal otherGpuHour,
        BigDecimal coreHour,
        BigDecimal memoryGibHour,
        BigDecimal storageGibHour) {

    public static final UsagePrices NONE =
            new UsagePrices(Map.of(), BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    public UsagePrices {
        gpuHour = Map.copyOf(gpuHour);
    }
}
