package io.remotegpu.db.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries; null is all.
 *
 * @param action a part of the action, in any case
 * @param from not before this moment
 * @param to before this moment
 */
public record AuditFilter(
        @Nullable String actor,
        @Nullable String action,
        @Nullable String targetType,
        @Nullable String targetId,
        @Nullable AuditOutcome outcome,
        @Nullable AuditOrigin origin,
        @Nullable Instant from,
        @Nullable Instant to) {}
