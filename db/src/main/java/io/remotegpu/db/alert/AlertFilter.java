package io.remotegpu.db.alert;

import io.remotegpu.db.invariants.Severity;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts; null is all.
 *
 * @param userId only those that are this user's
 */
public record AlertFilter(
        @Nullable AlertState state,
        @Nullable AlertRule rule,
        @Nullable Severity severity,
        @Nullable Boolean acknowledged,
        @Nullable String hostId,
        @Nullable UUID environmentId,
        @Nullable Long userId) {

    /** Everything that one may see: an administrator everything, a user what is theirs. */
    public static AlertFilter visibleTo(@Nullable Long userId) {
        return new AlertFilter(null, null, null, null, null, null, userId);
    }
}
