package io.remotegpu.db.idle;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was concluded of an environment, last.
 *
 * @param finding what uses it, what is unknown, or what was seen all the while
 * @param idleSince only while it is idle
 * @param stopsAt when it is stopped if nothing changes
 * @param warnedAt when its users were told
 * @param said in a dry run, whether it was said that it would be stopped
 */
public record IdleState(
        UUID environmentId,
        Instant judgedAt,
        Idleness.State state,
        String finding,
        @Nullable Instant idleSince,
        @Nullable Instant stopsAt,
        @Nullable Instant warnedAt,
        boolean said) {}
