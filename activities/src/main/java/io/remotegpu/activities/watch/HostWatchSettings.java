package io.remotegpu.activities.watch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How hosts are watched.
 *
 * @param silence after how long a silence a host takes nothing new; heartbeats come every 10 seconds
 * @param every how often is looked, at least a second; shorter than the silence
 */
@ConfigurationProperties("remotegpu.host-watch")
public record HostWatchSettings(
        @DefaultValue("40s") Duration silence,
        @DefaultValue("10s") Duration every) {

    public HostWatchSettings {
        if (every.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "remotegpu.host-watch.every is " + every + ": give it at least one second");
        }
        if (silence.compareTo(every) <= 0) {
            throw new IllegalArgumentException("remotegpu.host-watch.silence is " + silence
                    + ": give it more than remotegpu.host-watch.every, which is " + every);
        }
    }
}
