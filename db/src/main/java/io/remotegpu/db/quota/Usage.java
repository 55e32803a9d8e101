package io.remotegpu.db.quota;

/**
 * What a user may hold, and holds.
 *
 * @param limits their own, or the installation's default
 * @param used the sum of what their environments have reserved
 * @param ownQuota whether the limits are the user's own
 */
public record Usage(long userId, QuotaLimits limits, QuotaLimits used, boolean ownQuota) {}
