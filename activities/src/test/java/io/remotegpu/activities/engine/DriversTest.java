package io.remotegpu.activities.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.drivers.simulated.SimulatedDriver;
import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentDriver;
import io.remotegpu.drivers.spi.EnvironmentGuards;
import io.remotegpu.drivers.spi.Observation;
import io.remotegpu.drivers.spi.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DriversTest {

    @Test
    void whatDriversDoNotGuardIsNamedByTheirModeAndOthersSayNothing() {
        var drivers =
                new Drivers(Map.of(DeploymentMode.DOCKER, new Open(), DeploymentMode.SIMULATED, new SimulatedDriver()));
        assertThat(drivers.unguarded())
                .containsExactly(
                        Map.entry("docker.home", "disks are open"), Map.entry("docker.network", "all is reached"));
    }

    /** Carries nothing. */
    private static final class Open implements EnvironmentDriver, EnvironmentGuards {

        @Override
        public Map<String, String> unguarded() {
            return Map.of("network", "all is reached", "home", "disks are open");
        }

        @Override
        public void deploy(Deployment deployment, Progress progress) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stop(UUID id, Duration grace) {}

        @Override
        public void remove(UUID id) {}

        @Override
        public Observation observe(UUID id) {
            return Observation.absent();
        }

        @Override
        public Set<UUID> list() {
            return Set.of();
        }
    }
}
