package io.remotegpu.workflows.environment;

import java.util.UUID;

/**
 * Starts {@link StartEnvironment}, {@link StopEnvironment} or {@link DeleteEnvironment}.
 *
 * @param id the environment
 * @param requestedBy the user name of who asked, or the name of the schedule that did
 */
public record OperationRequest(UUID id, String requestedBy) {}
