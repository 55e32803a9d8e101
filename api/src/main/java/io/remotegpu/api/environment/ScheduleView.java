package io.remotegpu.api.environment;

import io.remotegpu.db.timetable.CronTimes;
import io.remotegpu.drivers.spi.Timetable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An environment's schedule as answers show it. */
@Schema(name = "ScheduleView")
record ScheduleView(
        @Nullable String stop,
        @Nullable String start,
        String timeZone,

        @Schema(description = "The next moment of stop; while it runs and is not extended, it is stopped then")
        @Nullable
        Instant nextStop,

        @Schema(description = "The next moment of start; while it is stopped, it is started then") @Nullable
        Instant nextStart) {

    static @Nullable ScheduleView of(Timetable timetable) {
        var zone = timetable.timeZone();
        return zone == null
                ? null
                : new ScheduleView(
                        timetable.stop(),
                        timetable.start(),
                        zone,
                        next(timetable.stop(), zone),
                        next(timetable.start(), zone));
    }

    private static @Nullable Instant next(@Nullable String fields, String zone) {
        return CronTimes.stored(fields, zone)
                .flatMap(times -> times.next(Instant.now()))
                .orElse(null);
    }
}
