package io.remotegpu.activities.worker;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much a worker does at once, and how long it waits.
 *
 * @param concurrentDatabaseSteps database steps at once; as many as the connection pool has connections
 * @param concurrentEngineSteps engine steps at once on one host
 * @param readyTimeout how long an environment's services may take until they answer
 */
@Validated
@ConfigurationProperties("remotegpu.worker")
public record WorkerSettings(
        @DefaultValue("16") @Min(1) @Max(1000) int concurrentDatabaseSteps,
        @DefaultValue("16") @Min(1) @Max(1000) int concurrentEngineSteps,
        @DefaultValue("3m") Duration readyTimeout) {}
