package io.remotegpu.db.reconcile;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A finding as its row says.
 *
 * @param severity a {@link io.remotegpu.db.invariants.Severity}'s wire name
 * @param timesSeen in how many passes
 * @param healing what was done about it, or why it could not be done yet
 * @param closedAt when it was healed or found gone; absent while it is open
 * @param outcome {@code healed} or {@code gone}; absent while it is open
 */
public record Finding(
        long id,
        String check,
        String subject,
        String severity,
        @Nullable UUID environmentId,
        @Nullable String hostId,
        String found,
        String remedy,
        Instant firstSeen,
        Instant lastSeen,
        int timesSeen,
        @Nullable String healing,
        @Nullable Instant closedAt,
        @Nullable String outcome) {}
