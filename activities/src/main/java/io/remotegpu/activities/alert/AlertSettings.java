package io.remotegpu.activities.alert;

import io.remotegpu.db.alert.AlertRule;
import io.remotegpu.db.alert.AlertThresholds;
import io.remotegpu.db.alert.DeliveryPatience;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is looked for, and how it is told.
 *
 * @param every how often is looked; at least a second
 * @param off rules that are not looked at
 * @param hostSilent for how long a host has to be quarantined, which it is after {@code host-watch.silence}
 * @param gpuTemperature from how many degrees Celsius on a GPU is too hot
 * @param diskPercent from which share on a disk is nearly full
 * @param queueAge for how long somebody has to wait for room
 * @param quotaPercent from which share on a quota is nearly used
 * @param calm for how long a condition has to be gone until its alert is resolved
 * @param repeat after how long it is said again of what fires and nobody acknowledged; 0: never
 * @param keep how long resolved alerts are kept
 * @param retryFirst the first pause after a target failed; each further one doubles it
 * @param retryLongest the longest pause
 * @param giveUpAfter after how long a delivery is given up
 * @param loopback whether webhooks may be on this machine's own loopback address
 */
@ConfigurationProperties("remotegpu.alerts")
public record AlertSettings(
        @DefaultValue("15s") Duration every,
        @DefaultValue({}) Set<AlertRule> off,
        @DefaultValue("1m") Duration hostSilent,
        @DefaultValue("90") int gpuTemperature,
        @DefaultValue("90") int diskPercent,
        @DefaultValue("1h") Duration queueAge,
        @DefaultValue("90") int quotaPercent,
        @DefaultValue("1m") Duration calm,
        @DefaultValue("4h") Duration repeat,
        @DefaultValue("90d") Duration keep,
        @DefaultValue("5s") Duration retryFirst,
        @DefaultValue("15m") Duration retryLongest,
        @DefaultValue("24h") Duration giveUpAfter,
        @DefaultValue("false") boolean loopback) {

    /** What an attempt may take, from the first byte to the last. */
    static final Duration ATTEMPT = Duration.ofSeconds(30);

    public AlertSettings {
        off = Set.copyOf(off);
        atLeast("every", every, Duration.ofSeconds(1));
        atLeast("host-silent", hostSilent, Duration.ZERO);
        atLeast("queue-age", queueAge, Duration.ZERO);
        atLeast("calm", calm, Duration.ZERO);
        atLeast("repeat", repeat, Duration.ZERO);
        atLeast("keep", keep, Duration.ZERO);
        atLeast("retry-first", retryFirst, Duration.ofMillis(1));
        atLeast("retry-longest", retryLongest, retryFirst);
        atLeast("give-up-after", giveUpAfter, Duration.ofSeconds(1));
        percent("disk-percent", diskPercent);
        percent("quota-percent", quotaPercent);
        if (gpuTemperature < 1) {
            throw new IllegalArgumentException(
                    "remotegpu.alerts.gpu-temperature is " + gpuTemperature + ": give at least 1 (degrees Celsius)");
        }
    }

    AlertThresholds thresholds(EmailSettings email) {
        var on = EnumSet.allOf(AlertRule.class);
        on.removeAll(off);
        return new AlertThresholds(
                on,
                hostSilent,
                gpuTemperature,
                diskPercent,
                queueAge,
                quotaPercent,
                calm,
                repeat,
                keep,
                email.isOn() ? email.minSeverity() : null);
    }

    DeliveryPatience patience() {
        return new DeliveryPatience(retryFirst, retryLongest, ATTEMPT, giveUpAfter);
    }

    private static void atLeast(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "remotegpu.alerts." + name + " is " + value + ": give at least " + least);
        }
    }

    private static void percent(String name, int value) {
        if (value < 1 || value > 100) {
            throw new IllegalArgumentException("remotegpu.alerts." + name + " is " + value + ": give 1 to 100");
        }
    }
}
