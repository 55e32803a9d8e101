package io.remotegpu.workflows.environment;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts {@link StartEnvironment}, {@link StopEnvironment} or {@link DeleteEnvironment}.
 *
 * @param id the environment
 * @param requestedBy the user name of who asked, or the name of the schedule that did
 * @param waitAtMost for a start, how long to queue when there is no room; absent to be refused then
 */
public record OperationRequest(
        UUID id, String requestedBy, @Nullable Duration waitAtMost) {

    /** One that does not wait. */
    public OperationRequest(UUID id, String requestedBy) {
        this(id, requestedBy, null);
    }
}
