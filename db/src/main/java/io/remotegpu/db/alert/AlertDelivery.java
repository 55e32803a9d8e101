package io.remotegpu.db.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of telling an alert to a target.
 *
 * @param outcome {@code delivered} or {@code given_up}; null while it is tried
 */
public record AlertDelivery(
        DeliveryKey key,
        Instant createdAt,
        int attempts,
        @Nullable String lastError,
        @Nullable String outcome,
        @Nullable Instant endedAt) {}
