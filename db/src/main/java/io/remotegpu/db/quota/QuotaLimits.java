package io.remotegpu.db.quota;

/**
 * Amounts of everything that is limited per user.
 *
 * @param cpu whole cores
 * @param memory bytes
 * @param gpu GPUs
 * @param storage bytes
 * @param environments environments that are not deleted
 */
public record QuotaLimits(int cpu, long memory, int gpu, long storage, int environments) {}
