package io.remotegpu.db.usage;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for: the usage in [from, to), added up by these.
 *
 * @param userId whose; null is everybody's
 * @param by at most one of them is a period; none is everything in one sum
 */
public record UsageQuery(Instant from, Instant to, @Nullable Long userId, Set<Dimension> by) {

    /** So many days or months may be told apart at once. */
    public static final int MOST_PERIODS = 1100;

    public UsageQuery {
        by = Set.copyOf(by);
        // As fine as the database's clock.
        from = from.truncatedTo(ChronoUnit.MICROS);
        to = to.truncatedTo(ChronoUnit.MICROS);
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a period cannot end before it begins");
        }
        if (by.contains(Dimension.DAY) && by.contains(Dimension.MONTH)) {
            throw new IllegalArgumentException("by day or by month, not by both");
        }
    }

    /** One part of the time. */
    record Period(Instant from, Instant to) {}

    /** Whether it would have more periods than can be told apart at once. */
    public boolean hasTooManyPeriods() {
        return by.contains(Dimension.DAY) && ChronoUnit.DAYS.between(from, to) >= MOST_PERIODS;
    }

    /** The days or months of it, in order; the first begins, and the last ends, with the calendar's. */
    List<Period> periods() {
        var day = by.contains(Dimension.DAY);
        if (!day && !by.contains(Dimension.MONTH)) {
            return List.of(new Period(from, to));
        }
        var periods = new ArrayList<Period>();
        var begin = from.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
        begin = day ? begin : begin.withDayOfMonth(1);
        while (begin.toInstant().isBefore(to)) {
            ZonedDateTime next = day ? begin.plusDays(1) : begin.plusMonths(1);
            periods.add(new Period(begin.toInstant(), next.toInstant()));
            begin = next;
        }
        return periods;
    }
}
