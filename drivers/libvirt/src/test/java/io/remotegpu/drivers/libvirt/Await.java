package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.Observation;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;

/** Waits for what an environment becomes, not for seconds. Emulated machines take their time. */
final class Await {

    private static final Duration PATIENCE = Duration.ofMinutes(6);

    static void running(LibvirtDriver driver, UUID id) {
        assertThat(after(driver, id, state -> state == Observation.State.STARTING))
                .as(() -> "its console ends with " + String.join("\n", driver.logs(id, 20)))
                .isEqualTo(Observation.running());
    }

    static Observation until(EnvironmentDriver driver, UUID id, Observation.State wanted) {
        Observation seen = after(driver, id, state -> state != wanted);
        assertThat(seen.state()).as(seen.reason()).isEqualTo(wanted);
        return seen;
    }

    /** What is observed once that is over. */
    private static Observation after(EnvironmentDriver driver, UUID id, Predicate<Observation.State> on) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Observation seen = driver.observe(id);
        while (on.test(seen.state()) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(1000); // each look makes an emulated guest start a session
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
