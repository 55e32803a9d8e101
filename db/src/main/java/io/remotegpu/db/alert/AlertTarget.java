package io.remotegpu.db.alert;

import io.remotegpu.db.invariants.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where alerts are posted to, and how it has been answering.
 *
 * @param minSeverity from which severity on
 * @param failures how many attempts have failed since one worked
 */
public record AlertTarget(
        long id,
        String name,
        String url,
        Severity minSeverity,
        Instant createdAt,
        int failures,
        @Nullable Instant lastDeliveredAt,
        @Nullable Instant lastFailedAt,
        @Nullable String lastError) {}
