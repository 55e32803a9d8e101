package io.remotegpu.drivers.spi.probe;

import org.jspecify.annotations.Nullable;

/**
 * Whether one service answered in its own protocol.
 *
 * @param reason why not, naming the service and its address; null when it answers
 */
public record ProbeResult(boolean answers, @Nullable String reason) {

    static ProbeResult answered() {
        return new ProbeResult(true, null);
    }

    static ProbeResult silent(String reason) {
        return new ProbeResult(false, reason);
    }
}
