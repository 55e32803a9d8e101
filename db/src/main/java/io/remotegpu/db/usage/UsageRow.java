package io.remotegpu.db.usage;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One sum. What it was not added up by is null; so is what it is not known of, or not of anything: CPU has no model, and
 * storage no host before its environment's first place.
 *
 * @param username null also when there is no such user any more
 * @param environmentName null also of an environment whose create was taken back whole
 * @param periodStart when the day or month begins
 */
public record UsageRow(
        @Nullable Long userId,
        @Nullable String username,
        @Nullable String hostId,
        @Nullable String model,
        @Nullable UUID environmentId,
        @Nullable String environmentName,
        @Nullable Instant periodStart,
        UsageAmounts amounts) {}
