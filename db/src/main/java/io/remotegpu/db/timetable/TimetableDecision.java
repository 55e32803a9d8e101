package io.remotegpu.db.timetable;

import io.remotegpu.drivers.spi.EnvironmentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with an environment now, by its timetable and the installation's limits: pure.
 *
 * @param moment of the schedule, which is dealt with by this; of a delete, since when it was stopped; otherwise null
 * @param message for its users: what comes, why it is done, or why it is not
 * @param announced what its users are to know of its end; null when there is none to announce
 * @param startBy of a start, until when it may wait for room
 */
record TimetableDecision(
        Step step,
        @Nullable Instant moment,
        @Nullable String message,
        @Nullable Announcement announced,
        @Nullable Instant startBy) {

    enum Step {
        NOTHING,
        WARN,
        STOP,
        START,
        DELETE,
        /** A moment of the schedule has come that changes nothing: it is as it is to be. */
        AS_IT_IS,
        /** A moment of the schedule is let pass, and its user is told why. */
        LET_PASS
    }

    /** What is due of the schedule. */
    private record Due(boolean stop, Instant moment) {}

    /** Of one that runs, is stopped, or has failed, with no operation under way. */
    static TimetableDecision of(TimetableRow row, TimetableSettings settings, Instant now) {
        var due = due(row, now);
        if (due.isPresent()) {
            var decided = due.get().stop()
                    ? stop(row, due.get().moment(), now)
                    : start(row, due.get().moment(), settings.startWithin(), now);
            if (decided.isPresent()) {
                return decided.get();
            }
        }
        if (row.kept()) {
            return nothing(null);
        }
        return switch (row.status()) {
            case RUNNING -> lifetime(row, settings, now);
            case STOPPED -> rest(row, settings, now);
            case QUEUED, CREATING, STOPPING, STARTING, DELETING, DELETED, FAILED -> nothing(null);
        };
    }

    /** When it is stopped or deleted by itself, for how long it has run or been stopped; empty when it is not. */
    static Optional<Instant> end(TimetableRow row, TimetableSettings settings, Instant now) {
        if (row.kept()) {
            return Optional.empty();
        }
        var announced = switch (row.status()) {
            case RUNNING -> lifetime(row, settings, now).announced();
            case STOPPED -> rest(row, settings, now).announced();
            case QUEUED, CREATING, STOPPING, STARTING, DELETING, DELETED, FAILED -> null;
        };
        return Optional.ofNullable(announced).map(Announcement::endsAt);
    }

    /** Only the newest moment counts: what was to be done before it is overtaken. Of a stop and a start at once, the stop. */
    private static Optional<Due> due(TimetableRow row, Instant now) {
        var stop = row.stops().flatMap(times -> times.newest(row.dealtWith(), now));
        var start = row.starts().flatMap(times -> times.newest(row.dealtWith(), now));
        if (stop.isPresent()
                && start.filter(moment -> moment.isAfter(stop.get())).isEmpty()) {
            return Optional.of(new Due(true, stop.get()));
        }
        return start.map(moment -> new Due(false, moment));
    }

    /** However late: what runs when it should not costs. Empty while somebody asked for it to run on. */
    private static Optional<TimetableDecision> stop(TimetableRow row, Instant moment, Instant now) {
        if (row.status() != EnvironmentStatus.RUNNING) {
            return Optional.of(of(Step.AS_IT_IS, moment, null));
        }
        if (row.kept()) {
            return Optional.of(of(Step.LET_PASS, moment, "the stop of " + moment + " was let pass: it is protected"));
        }
        var until = row.extendedUntil();
        if (until != null && until.isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(of(Step.STOP, moment, "its schedule stops it at " + moment));
    }

    /** Not too late: who comes in the morning does not want it to begin in the evening. */
    private static Optional<TimetableDecision> start(TimetableRow row, Instant moment, Duration within, Instant now) {
        if (!row.ownerActive()) {
            return Optional.of(of(
                    Step.LET_PASS,
                    moment,
                    "the start of " + moment + " was let pass: the account of '" + row.owner() + "' is deactivated"));
        }
        var latest = moment.plus(within);
        return Optional.of(
                switch (row.status()) {
                    case RUNNING -> of(Step.AS_IT_IS, moment, null);
                    case STOPPED ->
                        now.isBefore(latest)
                                ? new TimetableDecision(
                                        Step.START, moment, "its schedule starts it at " + moment, null, latest)
                                : of(
                                        Step.LET_PASS,
                                        moment,
                                        "the start of " + moment + " was let pass: it would have been more than "
                                                + Spoken.time(within) + " late");
                    case FAILED ->
                        of(Step.LET_PASS, moment, "the start of " + moment + " was let pass: it has failed; start it");
                    case QUEUED, CREATING, STARTING, STOPPING, DELETING, DELETED -> of(Step.NOTHING, null, null);
                });
    }

    private static TimetableDecision lifetime(TimetableRow row, TimetableSettings settings, Instant now) {
        var lifetime = settings.lifetime(row.timetable().maxLifetime());
        var started = row.startedAt();
        if (lifetime.isEmpty() || started == null) {
            return nothing(null);
        }
        var longest = lifetime.get();
        var due = started.plus(longest);
        var extended = row.extendedUntil();
        if (extended != null && extended.isAfter(due)) {
            due = extended;
        }
        var announced = Announcement.of(due, settings.lead(longest), row.warnedOf(started), now);
        return switch (announced.step()) {
            case NOTHING -> nothing(announced);
            case WARN ->
                new TimetableDecision(
                        Step.WARN,
                        null,
                        "it may run for " + Spoken.time(longest) + ": it will be stopped at " + announced.endsAt()
                                + ", its data is kept; extend it to keep it running",
                        announced,
                        null);
            case END ->
                new TimetableDecision(
                        Step.STOP,
                        null,
                        "it has run since " + started + "; it may run for " + Spoken.time(longest),
                        announced,
                        null);
        };
    }

    private static TimetableDecision rest(TimetableRow row, TimetableSettings settings, Instant now) {
        var longest = settings.deleteAfter();
        var stopped = row.stoppedAt();
        if (longest == null || stopped == null) {
            return nothing(null);
        }
        var announced = Announcement.of(stopped.plus(longest), settings.notice(longest), row.warnedOf(stopped), now);
        return switch (announced.step()) {
            case NOTHING -> nothing(announced);
            case WARN ->
                new TimetableDecision(
                        Step.WARN,
                        null,
                        "it is stopped since " + stopped + ": it will be deleted with its data at " + announced.endsAt()
                                + "; start it to keep it",
                        announced,
                        null);
            case END ->
                new TimetableDecision(
                        Step.DELETE,
                        stopped,
                        "it was stopped since " + stopped + ", which is more than " + Spoken.time(longest),
                        announced,
                        null);
        };
    }

    private static TimetableDecision nothing(@Nullable Announcement announced) {
        return new TimetableDecision(Step.NOTHING, null, null, announced, null);
    }

    private static TimetableDecision of(Step step, @Nullable Instant moment, @Nullable String message) {
        return new TimetableDecision(step, moment, message, null, null);
    }
}
