package io.remotegpu.api.environment;

import io.remotegpu.api.web.FieldError;
import io.remotegpu.db.timetable.CronTimes;
import io.remotegpu.db.timetable.TimetableSettings;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How long a run may be wanted to last, and when it may be wanted to stop and start. */
@Component
class TimetableLimits {

    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final TimetableSettings settings;

    TimetableLimits(TimetableSettings settings) {
        this.settings = settings;
    }

    /** What is wrong with them. */
    List<FieldError> faults(@Nullable Duration maxLifetime, @Nullable ScheduleRequest schedule) {
        var faults = new ArrayList<FieldError>();
        var longest = settings.maxLifetime() == null ? LONGEST : settings.maxLifetime();
        if (maxLifetime != null && (maxLifetime.compareTo(SHORTEST) < 0 || maxLifetime.compareTo(longest) > 0)) {
            faults.add(new FieldError("max_lifetime", "must be from " + SHORTEST + " to " + longest + " here"));
        }
        if (schedule != null) {
            var zone = zone(schedule.timeZone(), faults);
            cron("schedule.stop", schedule.stop(), zone, faults);
            cron("schedule.start", schedule.start(), zone, faults);
            if (schedule.stop() == null && schedule.start() == null) {
                faults.add(new FieldError("schedule", "needs stop, or start, or both; null takes it away"));
            }
        }
        return faults;
    }

    static Timetable timetable(@Nullable Duration maxLifetime, @Nullable ScheduleRequest schedule) {
        return schedule == null
                ? new Timetable(maxLifetime, null, null, null)
                : new Timetable(maxLifetime, schedule.stop(), schedule.start(), schedule.timeZone());
    }

    private static ZoneId zone(@Nullable String name, List<FieldError> faults) {
        if (name == null) {
            faults.add(new FieldError("schedule.time_zone", "must be given, such as \"Europe/Berlin\" or \"UTC\""));
            return ZoneOffset.UTC;
        }
        try {
            return CronTimes.zone(name);
        } catch (IllegalArgumentException fault) {
            faults.add(new FieldError("schedule.time_zone", String.valueOf(fault.getMessage())));
            return ZoneOffset.UTC;
        }
    }

    private static void cron(String field, @Nullable String fields, ZoneId zone, List<FieldError> faults) {
        try {
            if (fields != null) {
                CronTimes.of(fields, zone);
            }
        } catch (IllegalArgumentException fault) {
            faults.add(new FieldError(field, String.valueOf(fault.getMessage())));
        }
    }
}
