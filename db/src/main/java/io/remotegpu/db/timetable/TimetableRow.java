package io.remotegpu.db.timetable;

import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.Timetable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An environment, and what is known of its ends.
 *
 * @param ownerActive whether its user's account is active
 * @param kept whether it is protected
 * @param dealtWith up to when its schedule's moments are done
 * @param warned what its users were told last, of whichever run or rest
 */
record TimetableRow(
        UUID id,
        String name,
        String owner,
        DeploymentMode mode,
        @Nullable String hostId,
        EnvironmentStatus status,
        boolean ownerActive,
        boolean kept,
        @Nullable Instant startedAt,
        @Nullable Instant stoppedAt,
        @Nullable Instant extendedUntil,
        Timetable timetable,
        Instant dealtWith,
        @Nullable Warned warned) {

    record Warned(Instant beganAt, Instant warnedAt, Instant endsAt) {}

    Optional<CronTimes> stops() {
        return CronTimes.stored(timetable.stop(), timetable.timeZone());
    }

    Optional<CronTimes> starts() {
        return CronTimes.stored(timetable.start(), timetable.timeZone());
    }

    /** Whether it has a schedule of which nothing comes, because this Java cannot read it any more. */
    boolean isUnreadable() {
        return timetable.stop() != null && stops().isEmpty() || timetable.start() != null && starts().isEmpty();
    }

    /** When its users were told of the end of what began then. */
    @Nullable
    Instant warnedOf(Instant beganAt) {
        return warned == null || !warned.beganAt().equals(beganAt) ? null : warned.warnedAt();
    }
}
