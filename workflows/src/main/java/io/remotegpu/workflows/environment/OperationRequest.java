package io.remotegpu.workflows.environment;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts {@link StartEnvironment}, {@link StopEnvironment} or {@link DeleteEnvironment}.
 *
 * @param id the environment
 * @param requestedBy the user name of who asked, or the name of the schedule that did
 * @param waitAtMost for a start, how long to queue when there is no room; absent to be refused then
 * @param gpu for a start, with how many GPUs, where those are fewer than usual
 * @param reason why it is done, where nobody asked for it
 * @param moment the one of its schedule that it is done for, or since when what is deleted was stopped; absent where there is none
 */
public record OperationRequest(
        UUID id,
        String requestedBy,
        @Nullable Duration waitAtMost,
        @Nullable Integer gpu,
        @Nullable String reason,
        @Nullable Instant moment) {

    /** One that does not wait. */
    public OperationRequest(UUID id, String requestedBy) {
        this(id, requestedBy, null, null, null, null);
    }

    /** A start that waits. */
    public OperationRequest(UUID id, String requestedBy, @Nullable Duration waitAtMost) {
        this(id, requestedBy, waitAtMost, null, null, null);
    }

    /** One that has no moment. */
    public OperationRequest(
            UUID id,
            String requestedBy,
            @Nullable Duration waitAtMost,
            @Nullable Integer gpu,
            @Nullable String reason) {
        this(id, requestedBy, waitAtMost, gpu, reason, null);
    }
}
