package io.remotegpu.db.idle;

import io.remotegpu.drivers.spi.EnvironmentType;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When what nobody uses is stopped. Nothing is, unless a default is set here or its user asked for it.
 *
 * @param dryRun whether it is only said, as an event, what would be stopped
 * @param every how often is looked; at least a second
 * @param longestGap for how long nothing may have been seen before nothing is known any more; more than {@code every}
 * @param minTimeout the shortest time that users may ask for
 * @param maxTimeout the longest time; the defaults are held to it, too
 * @param defaultTimeouts for environments whose users did not ask for one; a type that is not named has none
 * @param warning how long before the stop it is announced, and at most a tenth of the time out
 * @param cpuPercent of one core; more than that on average between two looks is use
 * @param gpuPercent of any one of its GPUs; more than that is use
 */
@ConfigurationProperties("remotegpu.idle")
public record IdleSettings(
        @DefaultValue("false") boolean dryRun,
        @DefaultValue("1m") Duration every,
        @DefaultValue("3m") Duration longestGap,
        @DefaultValue("5m") Duration minTimeout,
        @DefaultValue("7d") Duration maxTimeout,
        @Nullable Map<EnvironmentType, Duration> defaultTimeouts,
        @DefaultValue("15m") Duration warning,
        @DefaultValue("5") int cpuPercent,
        @DefaultValue("5") int gpuPercent) {

    private static final int PART = 10;

    public IdleSettings {
        defaultTimeouts = defaultTimeouts == null ? Map.of() : Map.copyOf(defaultTimeouts);
        require(every.toSeconds() >= 1, "every", every, "give at least 1s");
        require(longestGap.compareTo(every) > 0, "longest-gap", longestGap, "give more than remotegpu.idle.every");
        require(minTimeout.toSeconds() >= 1, "min-timeout", minTimeout, "give at least 1s");
        require(
                maxTimeout.compareTo(minTimeout) >= 0,
                "max-timeout",
                maxTimeout,
                "give at least remotegpu.idle.min-timeout, which is " + minTimeout);
        require(!warning.isNegative(), "warning", warning, "give 0s or more");
        require(cpuPercent >= 0, "cpu-percent", cpuPercent, "give 0 or more");
        require(gpuPercent >= 0 && gpuPercent <= 100, "gpu-percent", gpuPercent, "give 0 to 100");
        defaultTimeouts.forEach((type, timeout) ->
                require(timeout.toSeconds() >= 1, "default-timeouts." + type.wireName(), timeout, "give at least 1s"));
    }

    /** How long an environment may be idle; empty when it may for ever. */
    public Optional<Duration> timeout(EnvironmentType type, @Nullable Duration asked) {
        if (asked != null) {
            var longEnough = asked.compareTo(minTimeout) < 0 ? minTimeout : asked;
            return Optional.of(shortest(longEnough, maxTimeout));
        }
        return Optional.ofNullable(defaultTimeouts().get(type)).map(timeout -> shortest(timeout, maxTimeout));
    }

    /** How long before its stop an environment's users are warned. */
    public Duration lead(Duration timeout) {
        return shortest(warning, timeout.dividedBy(PART));
    }

    @Override
    public Map<EnvironmentType, Duration> defaultTimeouts() {
        return defaultTimeouts == null ? Map.of() : defaultTimeouts;
    }

    private static Duration shortest(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static void require(boolean good, String name, Object value, String remedy) {
        if (!good) {
            throw new IllegalArgumentException("remotegpu.idle." + name + " is " + value + ": " + remedy);
        }
    }
}
