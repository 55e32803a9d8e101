package io.remotegpu.db.timetable;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about an end that is announced before it comes: pure.
 *
 * @param endsAt when it comes if nothing changes
 * @param warnedAt since when its users know; null when they need not yet
 */
public record Announcement(
        Step step, Instant endsAt, @Nullable Instant warnedAt) {

    public enum Step {
        NOTHING,
        WARN,
        END
    }

    /**
     * It ends when it is due, and not before its users knew for as long as the lead: also when they were told late.
     *
     * @param lead how long before the end they are told
     * @param warnedAt when they were told, of this end
     */
    public static Announcement of(Instant due, Duration lead, @Nullable Instant warnedAt, Instant now) {
        if (now.isBefore(due.minus(lead))) {
            return new Announcement(Step.NOTHING, due, null);
        }
        var warned = warnedAt == null ? now : warnedAt;
        var endsAt = warned.plus(lead).isAfter(due) ? warned.plus(lead) : due;
        if (!now.isBefore(endsAt)) {
            return new Announcement(Step.END, endsAt, warned);
        }
        return new Announcement(warnedAt == null ? Step.WARN : Step.NOTHING, endsAt, warned);
    }
}
