package io.remotegpu.db.alert;

import io.remotegpu.db.invariants.Severity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An alert as its row says.
 *
 * @param subject what it is about, for example {@code host/host-001}; with the rule, its identity while it fires
 * @param userId whose it is, where it is somebody's
 * @param lastSeen when its condition was last found true
 * @param resolvedAt absent while it fires
 * @param acknowledgedBy who takes care of it; absent while nobody said so
 * @param notices how often it was said that it fires
 */
public record Alert(
        long id,
        AlertRule rule,
        String subject,
        Severity severity,
        @Nullable Long userId,
        @Nullable UUID environmentId,
        @Nullable String hostId,
        String summary,
        String remedy,
        Instant startedAt,
        Instant lastSeen,
        @Nullable Instant resolvedAt,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy,
        @Nullable String acknowledgement,
        int notices) {

    public AlertState state() {
        return resolvedAt == null ? AlertState.FIRING : AlertState.RESOLVED;
    }
}
