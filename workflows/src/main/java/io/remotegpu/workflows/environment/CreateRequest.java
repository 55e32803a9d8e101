package io.remotegpu.workflows.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts {@link CreateEnvironment}.
 *
 * @param id the new environment's id; derived from the caller's Idempotency-Key where there is one
 * @param userId the owner
 * @param username the owner's name, for search attributes and summaries
 * @param requestFingerprint what an Idempotency-Key stands for, to refuse another request under the same key
 */
public record CreateRequest(
        UUID id,
        long userId,
        String username,
        EnvironmentSpec spec,
        @Nullable String requestFingerprint) {}
