package io.remotegpu.db.environment;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * Something that happened to an environment.
 *
 * @param id grows within one environment, in the order of the commits: who has seen one has missed none before it
 * @param step the operation's step, or the status it reached
 */
@Table("environment_events")
public record EnvironmentEvent(
        @Id long id,
        UUID environmentId,
        @Nullable String operationId,
        String step,
        EventOutcome outcome,
        @Nullable String message,
        Instant at) {}
