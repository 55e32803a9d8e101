package io.remotegpu.drivers.simulated;

import java.time.Duration;
import java.util.Set;

/**
 * How the simulated engine behaves.
 *
 * @param latency how long each call takes
 * @param startUp how long after {@code deploy} the services begin to answer; the environment is starting until then
 * @param missingImages images that are not to be had
 */
public record SimulatedDriverSettings(Duration latency, Duration startUp, Set<String> missingImages) {

    public SimulatedDriverSettings {
        missingImages = Set.copyOf(missingImages);
        if (latency.isNegative() || startUp.isNegative()) {
            throw new IllegalArgumentException("simulated latency and start-up cannot be negative");
        }
    }

    /** Answers at once, and has every image. */
    public static SimulatedDriverSettings defaults() {
        return new SimulatedDriverSettings(Duration.ZERO, Duration.ZERO, Set.of());
    }
}
