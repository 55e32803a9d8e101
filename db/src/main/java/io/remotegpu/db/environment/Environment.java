package io.remotegpu.db.environment;

import io.remotegpu.db.StringMap;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentSpec;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Column;
import org.springframework.data.relational.core.mapping.Table;

/**
 * One environment as its row says; written by {@link EnvironmentLifecycle}, and {@code hostId} by the allocation.
 *
 * @param memory bytes
 * @param gpu what its run asks for, or its last one did
 * @param fullGpu what a run asks for that does not say otherwise
 * @param storage bytes
 * @param requestedHostId only there, or anywhere
 * @param hostId where it runs, or last ran; its data, if any, is there
 * @param hasData from the first deploy on, until its data is removed
 * @param failureReason why the last operation failed; kept until one succeeds
 * @param unreturned what a failed operation could not yet give back, in words
 * @param requestFingerprint SHA-256 of the request that an Idempotency-Key stands for
 * @param extendedUntil until when it is to be kept running, however idle it looks
 * @param isProtected an admin's word: it is never stopped by itself
 * @param stopReason why it was stopped, where nobody asked for it
 */
@Table("environments")
public record Environment(
        @Id UUID id,
        long userId,
        String name,
        EnvironmentType environmentType,
        DeploymentMode deploymentMode,
        String image,
        int cpu,
        long memory,
        int gpu,
        long storage,
        StringMap env,
        @Nullable String gpuModel,
        @Nullable Long gpuMemoryMin,
        @Nullable String requestedHostId,
        @Nullable Long idleTimeoutSeconds,
        int priority,
        EnvironmentStatus status,
        @Nullable String hostId,
        boolean hasData,
        @Nullable String failureCode,
        @Nullable String failureReason,
        List<String> unreturned,
        @Nullable String requestFingerprint,
        @Nullable Instant extendedUntil,
        @Column("protected") boolean isProtected,
        @Nullable String stopReason,
        int fullGpu,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant startedAt,
        @Nullable Instant stoppedAt,
        @Nullable Instant deletedAt) {

    public Environment {
        unreturned = List.copyOf(unreturned);
    }

    /** What was asked for, as the request put it; of GPUs, what its run does. */
    public EnvironmentSpec spec() {
        return new EnvironmentSpec(
                name,
                environmentType,
                deploymentMode,
                cpu,
                memory,
                gpu,
                storage,
                image,
                env.values(),
                gpuModel,
                gpuMemoryMin,
                requestedHostId,
                idleTimeoutSeconds == null ? null : Duration.ofSeconds(idleTimeoutSeconds),
                priority);
    }

    /**
     * Checks that it is being brought up, so that it may take what it asked for: a step that was given up, and comes
     * too late, takes nothing.
     *
     * @throws InvalidStateException when it is not
     */
    public void requireBeingBroughtUp() {
        var fitting = switch (status) {
            case QUEUED, CREATING, STARTING -> true;
            case RUNNING, STOPPING, STOPPED, DELETING, DELETED, FAILED -> false;
        };
        if (!fitting) {
            throw new InvalidStateException(
                    status,
                    null,
                    "environment '" + name + "' is " + status.wireName() + ": it takes nothing until it is started");
        }
    }

    /** This environment, whose next run asks for so many GPUs. */
    Environment withGpu(int forItsRun) {
        return with(status, forItsRun);
    }

    /**
     * This environment in its next status: the only way to another status.
     *
     * @throws IllegalStateException when {@link EnvironmentStatus#successors()} does not allow it
     */
    public Environment moveTo(EnvironmentStatus next) {
        if (!status.canBecome(next)) {
            throw new IllegalStateException("environment " + id + " is " + status.wireName() + " and cannot become "
                    + next.wireName() + ", only " + status.successors());
        }
        return with(next, gpu);
    }

    private Environment with(EnvironmentStatus next, int forItsRun) {
        return new Environment(
                id,
                userId,
                name,
                environmentType,
                deploymentMode,
                image,
                cpu,
                memory,
                forItsRun,
                storage,
                env,
                gpuModel,
                gpuMemoryMin,
                requestedHostId,
                idleTimeoutSeconds,
                priority,
                next,
                hostId,
                hasData,
                failureCode,
                failureReason,
                unreturned,
                requestFingerprint,
                extendedUntil,
                isProtected,
                stopReason,
                fullGpu,
                createdAt,
                updatedAt,
                startedAt,
                stoppedAt,
                deletedAt);
    }
}
