package io.remotegpu.api.environment;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.environments}.
 *
 * @param admissionTimeout how long Temporal may take to admit or refuse an operation before the answer is 503
 * @param maxStreams how many event streams one process serves at a time; further ones are answered 503
 * @param streamAlive after so long in silence a stream gives a sign of life, and makes sure that its reader may still read
 * @param streamLifetime after this long a stream ends, and the client comes back with Last-Event-ID
 */
@Validated
@ConfigurationProperties("remotegpu.environments")
record OperationsProperties(
        @NotNull @DefaultValue("10s") Duration admissionTimeout,
        @Min(0) @Max(100_000) @DefaultValue("200") int maxStreams,
        @NotNull @DefaultValue("15s") Duration streamAlive,
        @NotNull @DefaultValue("30m") Duration streamLifetime) {}
