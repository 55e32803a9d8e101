package io.remotegpu.db.alert;

import io.remotegpu.db.invariants.Severity;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From when on a rule fires, and when that is said.
 *
 * @param on the rules that are looked at; what fires of others is resolved
 * @param hostSilent for how long a host has to be quarantined
 * @param gpuTemperature from how many degrees Celsius on
 * @param diskPercent from which share of a disk on
 * @param queueAge for how long somebody has to wait for room
 * @param quotaPercent from which share of a quota on
 * @param calm for how long a condition has to be gone until its alert is resolved: what flickers is one alert
 * @param repeat after how long it is said again of what nobody acknowledged; zero: never
 * @param keep how long resolved ones are kept
 * @param email of which severity on they are mailed; null when they are not
 */
public record AlertThresholds(
        Set<AlertRule> on,
        Duration hostSilent,
        int gpuTemperature,
        int diskPercent,
        Duration queueAge,
        int quotaPercent,
        Duration calm,
        Duration repeat,
        Duration keep,
        @Nullable Severity email) {

    public AlertThresholds {
        on = Set.copyOf(on);
    }
}
