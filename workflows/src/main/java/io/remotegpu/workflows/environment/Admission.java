package io.remotegpu.workflows.environment;

import java.util.UUID;

/**
 * The answer to an admitted operation; the rest is read from the rows. A refused one is answered by an
 * {@code ApplicationFailure} whose type is a {@link Refusal}.
 */
public record Admission(UUID environmentId) {}
