package io.remotegpu.activities.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HostWatchSettingsTest {

    @Test
    void theDefaultsAreThese() {
        assertThat(bind(Map.of())).isEqualTo(new HostWatchSettings(Duration.ofSeconds(40), Duration.ofSeconds(10)));
    }

    @Test
    void bothCanBeSet() {
        assertThat(bind(Map.of("remotegpu.host-watch.silence", "5m", "remotegpu.host-watch.every", "1m")))
                .isEqualTo(new HostWatchSettings(Duration.ofMinutes(5), Duration.ofMinutes(1)));
    }

    @Test
    void aSilenceThatIsOverBeforeTheNextLookIsRefusedWithTheRemedy() {
        assertThatThrownBy(() -> new HostWatchSettings(Duration.ofSeconds(10), Duration.ofSeconds(10)))
                .hasMessageContaining("remotegpu.host-watch.silence is PT10S: give it more than");
        assertThatThrownBy(() -> new HostWatchSettings(Duration.ofSeconds(10), Duration.ofMillis(999)))
                .hasMessageContaining("remotegpu.host-watch.every is PT0.999S: give it at least one second");
    }

    private static HostWatchSettings bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("remotegpu.host-watch", HostWatchSettings.class);
    }
}
