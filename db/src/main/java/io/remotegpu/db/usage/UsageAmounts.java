package io.remotegpu.db.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How much of everything for how long, exactly: whole microseconds, times pieces or bytes. Rounded only where hours are asked
 * for.
 *
 * @param gpu GPU microseconds
 * @param cpu core microseconds
 * @param memory byte microseconds
 * @param storage byte microseconds
 * @param gpuPriced GPU microseconds, each times the price of an hour of its model
 */
public record UsageAmounts(
        BigDecimal gpu, BigDecimal cpu, BigDecimal memory, BigDecimal storage, BigDecimal gpuPriced) {

    public static final UsageAmounts NONE =
            new UsageAmounts(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    private static final int HOURS_SCALE = 6;
    private static final int COST_SCALE = 4;
    private static final BigDecimal HOUR = BigDecimal.valueOf(3_600_000_000L);
    private static final BigDecimal GIB = BigDecimal.valueOf(1L << 30);

    public UsageAmounts plus(UsageAmounts other) {
        return new UsageAmounts(
                gpu.add(other.gpu),
                cpu.add(other.cpu),
                memory.add(other.memory),
                storage.add(other.storage),
                gpuPriced.add(other.gpuPriced));
    }

    /** Seconds to the microsecond, nothing rounded: these add up. */
    public BigDecimal gpuSeconds() {
        return gpu.movePointLeft(6).setScale(6, RoundingMode.UNNECESSARY);
    }

    public BigDecimal gpuHours() {
        return hours(gpu, BigDecimal.ONE);
    }

    public BigDecimal cpuHours() {
        return hours(cpu, BigDecimal.ONE);
    }

    public BigDecimal memoryGibHours() {
        return hours(memory, GIB);
    }

    public BigDecimal storageGibHours() {
        return hours(storage, GIB);
    }

    /** What it costs at these prices; the GPUs at those that the report was made with. */
    public BigDecimal cost(UsagePrices prices) {
        var bytes = memory.multiply(prices.memoryGibHour()).add(storage.multiply(prices.storageGibHour()));
        return gpuPriced
                .add(cpu.multiply(prices.coreHour()))
                .multiply(GIB)
                .add(bytes)
                .divide(HOUR.multiply(GIB), COST_SCALE, RoundingMode.HALF_EVEN);
    }

    private static BigDecimal hours(BigDecimal microseconds, BigDecimal unit) {
        return microseconds.divide(HOUR.multiply(unit), HOURS_SCALE, RoundingMode.HALF_EVEN);
    }
}
