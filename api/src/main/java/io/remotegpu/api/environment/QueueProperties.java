package io.remotegpu.api.environment;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code remotegpu.queue}.
 *
 * @param defaultWait how long one waits for room who does not say how long
 * @param longestWait the most that one may ask for; at most 30 days, because each look is kept in the workflow's history
 */
@Validated
@ConfigurationProperties("remotegpu.queue")
record QueueProperties(
        @NotNull @DefaultValue("24h") Duration defaultWait,
        @NotNull @DefaultValue("7d") Duration longestWait) {

    @AssertTrue(
            message =
                    "remotegpu.queue.default-wait and .longest-wait must be from 1s to 30d, the first not over the second")
    boolean isSensible() {
        return defaultWait.compareTo(Duration.ofSeconds(1)) >= 0
                && defaultWait.compareTo(longestWait) <= 0
                && longestWait.compareTo(Duration.ofDays(30)) <= 0;
    }
}
