package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.Observation;
import java.time.Duration;
import java.util.UUID;

/** Waits for what an environment becomes, not for seconds. */
final class Await {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    static void running(EnvironmentDriver driver, UUID id) {
        assertThat(settled(driver, id)).isEqualTo(Observation.running());
    }

    /** What is observed once it no longer starts. */
    static Observation settled(EnvironmentDriver driver, UUID id) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Observation seen = driver.observe(id);
        while (seen.state() == Observation.State.STARTING && System.nanoTime() < deadline) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            seen = driver.observe(id);
        }
        return seen;
    }

    private Await() {}
}
