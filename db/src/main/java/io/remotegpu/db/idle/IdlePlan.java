package io.remotegpu.db.idle;

import io.remotegpu.db.timetable.Announcement;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What follows of an environment's idleness: pure.
 *
 * @param stopsAt when it is stopped if nothing changes; null when it is not
 * @param warnedAt since when its users know; null when they do not, or need not any more
 */
record IdlePlan(
        Step step, @Nullable Instant stopsAt, @Nullable Instant warnedAt) {

    enum Step {
        NOTHING,
        WARN,
        STOP
    }

    private static final IdlePlan NONE = new IdlePlan(Step.NOTHING, null, null);

    /**
     * It is stopped once it was idle for its time out, nobody extended it for longer, and its users were warned that long
     * before: also when the warning came late.
     *
     * @param lead how long before the stop its users are warned
     * @param extendedUntil until when it is to be kept whatever is seen
     * @param warnedAt when they were, in this stretch of idleness
     */
    static IdlePlan of(
            Idleness idleness,
            Duration timeout,
            Duration lead,
            @Nullable Instant extendedUntil,
            @Nullable Instant warnedAt,
            Instant now) {
        var since = idleness.since();
        if (idleness.state() != Idleness.State.IDLE || since == null) {
            return NONE;
        }
        var due = since.plus(timeout);
        if (extendedUntil != null && extendedUntil.isAfter(due)) {
            due = extendedUntil;
        }
        var announced = Announcement.of(due, lead, warnedAt, now);
        var step = switch (announced.step()) {
            case NOTHING -> Step.NOTHING;
            case WARN -> Step.WARN;
            case END -> Step.STOP;
        };
        return new IdlePlan(step, announced.endsAt(), announced.warnedAt());
    }
}
