package io.remotegpu.db.environment;

import io.remotegpu.drivers.spi.EnvironmentSpec;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An environment to be written down.
 *
 * @param requestedBy the user's name
 * @param operationId the workflow run that creates it
 * @param requestFingerprint what an Idempotency-Key stands for, where there is one
 */
public record NewEnvironment(
        UUID id,
        long userId,
        String requestedBy,
        String operationId,
        EnvironmentSpec spec,
        @Nullable String requestFingerprint) {}
