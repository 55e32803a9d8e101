package io.remotegpu.drivers.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an environment is stopped and started by itself, whoever uses it; what is null does not happen.
 *
 * @param maxLifetime how long one run may last
 * @param stop when it is stopped, as five cron fields
 * @param start when it is started, as five cron fields
 * @param timeZone the IANA name of the zone of both; null when there is neither
 */
public record Timetable(
        @Nullable Duration maxLifetime,
        @Nullable String stop,
        @Nullable String start,
        @Nullable String timeZone) {

    /** Nothing happens by itself. */
    public static final Timetable NONE = new Timetable(null, null, null, null);

    /** Whether it has moments at which something happens. */
    public boolean hasMoments() {
        return timeZone != null && (stop != null || start != null);
    }
}
