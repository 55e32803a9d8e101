package io.remotegpu.activities.reconcile;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When the reconciler looks, and how sure it has to be.
 *
 * @param every how often a pass begins; at least a second
 * @param grace for how long, and in at least two passes, something has to be wrong before it is healed
 */
@Validated
@ConfigurationProperties("remotegpu.reconciler")
public record ReconcilerSettings(
        @DefaultValue("1m") Duration every,
        @DefaultValue("2m") Duration grace) {

    public ReconcilerSettings {
        if (every.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("remotegpu.reconciler.every is " + every + ": give at least 1s");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("remotegpu.reconciler.grace is " + grace + ": give 0s or more");
        }
    }
}
