package io.remotegpu.db.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How much of everything for how long, exactly: whole microseconds, times pieces or bytes. Rounded only where hours are asked
 * for.
 *
 * @param gpu GPU microseconds
 * @param cpu core microseconds
 * @param memory byte microseconds
 * @param storage byte microseconds
 * @param gpuBusy GPU microseconds in which somebody was seen to compute on the busiest of the environment's GPUs
 * @param gpuIdle GPU microseconds in which nobody was; the rest of {@code gpu} was not seen
 * @param gpuPriced GPU microseconds, each times the price of an hour of its model
 */
public record UsageAmounts(
        BigDecimal gpu,
        BigDecimal cpu,
        BigDecimal memory,
        BigDecimal storage,
        BigDecimal gpuBusy,
        BigDecimal gpuIdle,
        BigDecimal gpuPriced) {

    public static final UsageAmounts NONE = new UsageAmounts(
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO);

    private static final int HOURS_SCALE = 6;
    private static final int COST_SCALE = 4;
    private static final int SHARE_SCALE = 4;
    private static final BigDecimal HOUR = BigDecimal.valueOf(3_600_000_000L);
    private static final BigDecimal GIB = BigDecimal.valueOf(1L << 30);

    public UsageAmounts plus(UsageAmounts other) {
        return new UsageAmounts(
                gpu.add(other.gpu),
                cpu.add(other.cpu),
                memory.add(other.memory),
                storage.add(other.storage),
                gpuBusy.add(other.gpuBusy),
                gpuIdle.add(other.gpuIdle),
                gpuPriced.add(other.gpuPriced));
    }

    /** Seconds to the microsecond, nothing rounded: these add up. */
    public BigDecimal gpuSeconds() {
        return seconds(gpu);
    }

    /** Exact, as all of these: busy, idle and unseen seconds together are {@link #gpuSeconds()}. */
    public BigDecimal gpuBusySeconds() {
        return seconds(gpuBusy);
    }

    public BigDecimal gpuIdleSeconds() {
        return seconds(gpuIdle);
    }

    public BigDecimal gpuUnseenSeconds() {
        return seconds(gpu.subtract(gpuBusy).subtract(gpuIdle));
    }

    /** How much of the GPU time that was seen was idle, 0 to 1; null when nothing was seen. */
    public @Nullable BigDecimal gpuIdleShare() {
        var seen = gpuBusy.add(gpuIdle);
        return seen.signum() == 0 ? null : gpuIdle.divide(seen, SHARE_SCALE, RoundingMode.HALF_EVEN);
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

    private static BigDecimal seconds(BigDecimal microseconds) {
        return microseconds.movePointLeft(6).setScale(6, RoundingMode.UNNECESSARY);
    }

    private static BigDecimal hours(BigDecimal microseconds, BigDecimal unit) {
        return microseconds.divide(HOUR.multiply(unit), HOURS_SCALE, RoundingMode.HALF_EVEN);
    }
}
