package io.remotegpu.db.timetable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * The moments of five cron fields (minute, hour, day of month, month, day of week) in a time zone.
 *
 * <p>The fields are those of {@link CronExpression}: where both days are given, both have to fit. They say times of the clock on
 * the wall: one that the clock skips comes as much later, one that it shows twice comes once, the first time.
 */
public final class CronTimes {

    private static final int LONGEST = 100;
    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z*/,#?-]+( +[0-9A-Za-z*/,#?-]+){4}");
    private static final Duration MOST_SHIFT = Duration.ofHours(3);

    /** How far is looked back for what was missed: the rarest that there is, a 29th of February on one day of the week, aside. */
    private static final List<Duration> BACK =
            List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(8), Duration.ofDays(367));

    private final CronExpression expression;
    private final ZoneId zone;

    private CronTimes(CronExpression expression, ZoneId zone) {
        this.expression = expression;
        this.zone = zone;
    }

    /** {@link IllegalArgumentException} says what is wrong with the fields, or that they never come true. */
    public static CronTimes of(String fields, ZoneId zone) {
        if (fields.length() > LONGEST || !FORM.matcher(fields).matches()) {
            throw new IllegalArgumentException(
                    "must be the five fields of cron, minute, hour, day of month, month and day of week,"
                            + " such as \"0 20 * * MON-FRI\", with at most " + LONGEST + " characters");
        }
        try {
            var expression = CronExpression.parse("0 " + fields);
            // A year in which February has 29 days comes.
            if (expression.next(LocalDateTime.of(2023, 1, 1, 0, 0)) == null) {
                throw new IllegalArgumentException("names a time that never comes");
            }
            return new CronTimes(expression, zone);
        } catch (IllegalArgumentException | DateTimeException fault) {
            throw new IllegalArgumentException(
                    "is no time that comes: " + fault.getMessage() + "; such as \"0 20 * * MON-FRI\"");
        }
    }

    /**
     * Of what was once accepted and stored: empty where there is nothing, or this Java cannot read it any more, for example
     * because it does not know the time zone. Then nothing comes of it.
     */
    public static Optional<CronTimes> stored(@Nullable String fields, @Nullable String zone) {
        if (fields == null || zone == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(fields, zone(zone)));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** {@link IllegalArgumentException} says that there is no zone of that name. */
    public static ZoneId zone(String name) {
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw new IllegalArgumentException(
                    "must be the IANA name of a time zone, such as \"Europe/Berlin\" or \"UTC\"");
        }
        return ZoneId.of(name);
    }

    /** The newest moment that has come, if it came after that one. */
    public Optional<Instant> newest(Instant after, Instant now) {
        for (var back : BACK) {
            var from = now.minus(back).isBefore(after) ? after : now.minus(back);
            var newest = newestSince(from, now).filter(moment -> moment.isAfter(after));
            if (newest.isPresent() || !from.isAfter(after)) {
                return newest;
            }
        }
        return Optional.empty();
    }

    /** The next moment that comes. */
    public Optional<Instant> next(Instant now) {
        var local = expression.next(wall(now).minus(MOST_SHIFT));
        while (local != null && !instant(local).isAfter(now)) {
            local = expression.next(local);
        }
        return Optional.ofNullable(local).map(this::instant);
    }

    private Optional<Instant> newestSince(Instant from, Instant now) {
        // A clock that is set back shows, of what came already, later times than now.
        var end = wall(now).plus(MOST_SHIFT);
        Optional<Instant> newest = Optional.empty();
        var local = expression.next(wall(from).minus(MOST_SHIFT));
        while (local != null && local.isBefore(end)) {
            var moment = instant(local);
            if (!moment.isAfter(now) && newest.filter(moment::isBefore).isEmpty()) {
                newest = Optional.of(moment);
            }
            local = expression.next(local);
        }
        return newest;
    }

    private LocalDateTime wall(Instant moment) {
        return LocalDateTime.ofInstant(moment, zone);
    }

    private Instant instant(LocalDateTime local) {
        return local.atZone(zone).toInstant();
    }
}
