package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts {@link CreateEnvironment}.
 *
 * @param id the new environment's id; derived from the caller's Idempotency-Key where there is one
 * @param userId the owner
 * @param username the owner's name, for search attributes and summaries
 * @param requestFingerprint what an Idempotency-Key stands for, to refuse another request under the same key
 * @param waitAtMost how long to queue when there is no room; absent to be refused then
 * @param timetable when it is stopped and started by itself; absent for never
 */
public record CreateRequest(
        UUID id,
        long userId,
        String username,
        EnvironmentSpec spec,
        @Nullable String requestFingerprint,
        @Nullable Duration waitAtMost,
        @Nullable Timetable timetable) {

    /** One that does not wait. */
    public CreateRequest(
            UUID id, long userId, String username, EnvironmentSpec spec, @Nullable String requestFingerprint) {
        this(id, userId, username, spec, requestFingerprint, null, null);
    }

    /** One for which nothing happens by itself. */
    public CreateRequest(
            UUID id,
            long userId,
            String username,
            EnvironmentSpec spec,
            @Nullable String requestFingerprint,
            @Nullable Duration waitAtMost) {
        this(id, userId, username, spec, requestFingerprint, waitAtMost, null);
    }
}
