package io.remotegpu.db.environment;

import io.remotegpu.db.StringMap;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An environment to be written down.
 *
 * @param requestedBy the user's name
 * @param operationId the workflow run that creates it
 * @param requestFingerprint what an Idempotency-Key stands for, where there is one
 * @param timetable when it is stopped and started by itself
 */
public record NewEnvironment(
        UUID id,
        long userId,
        String requestedBy,
        String operationId,
        EnvironmentSpec spec,
        @Nullable String requestFingerprint,
        Timetable timetable) {

    /** One for which nothing happens by itself. */
    public NewEnvironment(
            UUID id,
            long userId,
            String requestedBy,
            String operationId,
            EnvironmentSpec spec,
            @Nullable String requestFingerprint) {
        this(id, userId, requestedBy, operationId, spec, requestFingerprint, Timetable.NONE);
    }

    /** Its row, as it is from that moment on. */
    Environment creating(Instant createdAt) {
        return new Environment(
                id,
                userId,
                spec.name(),
                spec.type(),
                spec.mode(),
                spec.image(),
                spec.cpu(),
                spec.memory(),
                spec.gpu(),
                spec.storage(),
                new StringMap(spec.env()),
                spec.gpuModel(),
                spec.gpuMemoryMin(),
                spec.hostId(),
                idleTimeoutSeconds(),
                spec.priority(),
                EnvironmentStatus.CREATING,
                null,
                false,
                null,
                null,
                List.of(),
                requestFingerprint,
                null,
                false,
                null,
                spec.gpu(),
                createdAt,
                createdAt,
                null,
                null,
                null);
    }

    @Nullable
    Long idleTimeoutSeconds() {
        var idle = spec.idleTimeout();
        return idle == null ? null : Math.max(1, idle.toSeconds());
    }
}
