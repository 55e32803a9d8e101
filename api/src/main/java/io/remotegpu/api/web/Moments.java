package io.remotegpu.api.web;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Moments in parameters: RFC 3339, of years that a calendar of ours has. */
public final class Moments {

    /** For the description of such a parameter. */
    public static final String EXAMPLE = "2026-11-01T00:00:00Z";

    private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2100-01-01T00:00:00Z");

    /**
     * The moment, or null where nothing is said.
     *
     * @throws ProblemException 400 when it is none
     */
    public static @Nullable Instant parse(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var moment = OffsetDateTime.parse(text).toInstant();
            if (!moment.isBefore(FIRST) && !moment.isAfter(LAST)) {
                return moment;
            }
        } catch (DateTimeException unreadable) {
            // Answered as one that is out of range.
        }
        throw ProblemException.badParameter(
                name,
                "must be a time of RFC 3339 between 2000 and 2100 such as " + EXAMPLE
                        + " (in an address, + is written %2B)");
    }

    /**
     * Checks that a period is one.
     *
     * @throws ProblemException 400 when it ends before it begins
     */
    public static void checkOrder(@Nullable Instant from, @Nullable Instant to) {
        if (from != null && to != null && to.isBefore(from)) {
            throw ProblemException.badParameter("to", "must not be before from");
        }
    }

    private Moments() {}
}
